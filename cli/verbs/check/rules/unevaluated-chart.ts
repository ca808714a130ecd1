import { failureAt, isOfTree, nameClusters } from "../evaluation";
import type { Rule } from "../rule";

export const unevaluatedChart: Rule = {
  id: "unevaluated-chart",
  needs: "manifests",
  async check(input, report) {
    const expansion = await input.evaluated.applications();
    for (const failure of (await input.evaluated.manifests()).notEvaluated) {
      if (!isOfTree(expansion, failure)) continue;
      const message = `what ${failure.application} makes in ${nameClusters(failure.clusters)} is not known: ${failure.reason}`;
      report.finding(failureAt(expansion, failure), message, "commit what it needs into the tree");
    }
  },
};
