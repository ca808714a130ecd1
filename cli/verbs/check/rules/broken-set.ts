import { groupBy } from "../../../../model/group-by";
import { failureAt, nameClusters } from "../evaluation";
import type { Rule } from "../rule";
import { setAt } from "../source/sets";

export const brokenSet: Rule = {
  id: "broken-set",
  needs: "applications",
  async check(input, report) {
    const expansion = await input.evaluated.applications();
    const told = new Map<string, { set: string; reason: string; known: boolean; clusters: string[] }>();
    for (const { name, cluster, error, notEvaluated } of expansion.sets) {
      const reason = error ?? notEvaluated;
      if (reason === undefined) continue;
      const found = told.get(`${name} ${reason}`);
      if (found) found.clusters.push(cluster);
      else told.set(`${name} ${reason}`, { set: name, reason, known: error !== undefined, clusters: [cluster] });
    }
    for (const { set, reason, known, clusters } of told.values()) {
      const at = setAt(input.files, set);
      const message = `the ApplicationSet ${set} of ${nameClusters(clusters)}: ${reason}`;
      const fix = known
        ? "mend it: until then the controller touches nothing of this set"
        : "let its generators read the tree at the revision that the cluster follows: nobody sees what else they would make";
      report.finding(at, message, fix);
    }
    const causes = groupBy(expansion.errors, ({ application, reason }) => `${application} ${reason}`);
    for (const same of causes.values()) {
      const { application, reason } = same[0]!;
      const clusters = same.map(({ cluster }) => cluster);
      const at = failureAt(expansion, { application, clusters, side: "head", reason });
      const message = `${application}, which holds ApplicationSets, does not render in ${nameClusters(clusters)}: ${reason}`;
      report.finding(
        at,
        message,
        "mend it: until then nothing that they make is known, and the clusters stay as they are",
      );
    }
    for (const { application, cluster, reason } of expansion.notEvaluated) {
      const at = failureAt(expansion, { application, clusters: [cluster], side: "head", reason });
      report.notEvaluated(at, `${application} in ${cluster}: ${reason}`, "look at what it makes in a cluster");
    }
  },
};
