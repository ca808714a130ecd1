import { nameClusters } from "../evaluation";
import type { Rule } from "../rule";
import { setAt } from "../source/sets";

export const emptySet: Rule = {
  id: "empty-set",
  needs: "applications",
  async check(input, report) {
    const empty = new Map<string, string[]>();
    for (const { name, cluster, applications, error, notEvaluated } of (await input.evaluated.applications()).sets) {
      if (applications > 0 || error !== undefined || notEvaluated !== undefined) continue;
      empty.set(name, [...(empty.get(name) ?? []), cluster]);
    }
    for (const [set, clusters] of empty) {
      const message = `the ApplicationSet ${set} makes nothing in ${nameClusters(clusters)}`;
      report.finding(setAt(input.files, set), message, "mend its generator or selector, or remove it");
    }
  },
};
