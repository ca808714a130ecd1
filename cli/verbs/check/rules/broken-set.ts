import { failureAt, joinClusters, nameClusters } from "../evaluation";
import type { Rule } from "../rule";
import { setAt } from "../source/sets";

export const brokenSet: Rule = {
  id: "broken-set",
  needs: "applications",
  async check(input, report) {
    const expansion = await input.evaluated.applications();
    const broken = expansion.sets.flatMap(({ name: set, cluster, error, notEvaluated }) => {
      const reason = error ?? notEvaluated;
      return reason === undefined ? [] : [{ set, reason, known: error !== undefined, clusters: [cluster] }];
    });
    for (const { set, reason, known, clusters } of joinClusters(broken, (one) => `${one.set} ${one.reason}`)) {
      const at = setAt(input.files, set);
      const message = `the ApplicationSet ${set} of ${nameClusters(clusters)}: ${reason}`;
      const fix = known
        ? "mend it: until then the controller touches nothing of this set"
        : "let its generators read the tree at the revision that the cluster follows: nobody sees what else they would make";
      report.finding(at, message, fix);
    }
    const errors = expansion.errors.map(({ cluster, ...error }) => ({ ...error, clusters: [cluster] }));
    for (const { application, reason, clusters } of joinClusters(errors, (one) => `${one.application} ${one.reason}`)) {
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
