import { nameClusters } from "../evaluation";
import type { Rule } from "../rule";
import { setAt } from "../source/sets";

export const emptySet: Rule = {
  id: "empty-set",
  title: "An ApplicationSet makes nothing in a cluster.",
  why: "A generator that finds nothing is no error to Argo CD, and the likely end of a renamed directory or label.",
  fix: "Mend the generator or its selector, or remove the set. Where it is meant to be empty, excuse it.",
  severity: "warning",
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
