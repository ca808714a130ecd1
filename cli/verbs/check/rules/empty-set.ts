import { overlaySet } from "../../../../model/overlays";
import { nameClusters } from "../evaluation";
import type { CheckInput } from "../input";
import type { Rule } from "../rule";
import { pinsOf } from "../source/inventory";
import { setAt } from "../source/sets";

export const emptySet: Rule = {
  id: "empty-set",
  needs: "applications",
  async check(input, report) {
    const empty = new Map<string, string[]>();
    for (const { name, cluster, applications, error, notEvaluated } of (await input.evaluated.applications()).sets) {
      if (name === overlaySet && !isOverlaid(input, cluster)) continue;
      if (applications > 0 || error !== undefined || notEvaluated !== undefined) continue;
      empty.set(name, [...(empty.get(name) ?? []), cluster]);
    }
    for (const [set, clusters] of empty) {
      const message = `the ApplicationSet ${set} makes nothing in ${nameClusters(clusters)}`;
      report.finding(setAt(input.files, set), message, "mend its generator or selector, or remove it");
    }
  },
};

/** Whether a pin of the cluster's stage asks for Kustomize: where the stage has none yet, the set waits for the first. */
function isOverlaid({ inventory, tree }: CheckInput, cluster: string): boolean {
  const stage = tree.clusters.get(cluster)?.stage;
  return [...inventory.components.values()].some((one) =>
    pinsOf(one).some((found) => found.stage === stage && found.pin?.kustomize === true),
  );
}
