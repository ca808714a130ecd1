import { askingOptions, asksBeforeRemoval, escapesConfirmation, isRenewedBySync } from "../../../../model/argocd";
import { resourceName } from "../../../tree/resource";
import type { At } from "../at";
import { joinClusters, nameClusters, sourceOf } from "../evaluation";
import type { Rule } from "../rule";

export const unconfirmedRemoval: Rule = {
  id: "unconfirmed-removal",
  needs: "manifests",
  async check(input, report) {
    const { clusters, stages } = input.tree;
    const asks = (name: string) => {
      const cluster = clusters.get(name);
      return cluster !== undefined && asksBeforeRemoval(stages.get(cluster.stage) ?? {}, cluster.kubernetesVersion);
    };
    const found: { at: At; what: string; renewed: boolean; clusters: string[] }[] = [];
    for (const one of (await input.evaluated.manifests()).rendered) {
      const asking = one.clusters.filter(asks);
      const { syncOptions } = one.expanded.application.spec.syncPolicy ?? {};
      for (const manifest of asking.length > 0 ? one.manifests : []) {
        const renewed = isRenewedBySync(manifest.object, syncOptions);
        if (!renewed && !escapesConfirmation(manifest.object, syncOptions)) continue;
        const at = sourceOf(input.files, one, manifest.source);
        found.push({ at, what: `${resourceName(manifest)} of ${one.application}`, renewed, clusters: asking });
      }
    }
    const keyOf = ({ at, what, renewed }: (typeof found)[number]) => JSON.stringify([at, what, renewed]);
    for (const { at, what, renewed, clusters } of joinClusters(found, keyOf)) {
      const where = `in ${nameClusters(clusters)} without the confirmation that the stage asks for`;
      if (renewed)
        report.finding(
          at,
          `${what} is a hook or has Force=true: a sync may delete it ${where}, and make an empty one`,
          "take the hook annotation or Force=true away",
        );
      else
        report.finding(
          at,
          `${what} has sync options of its own and no Prune=: Argo CD removes it ${where}`,
          `add ${askingOptions} to them`,
        );
    }
  },
};
