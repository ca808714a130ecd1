import { askingOptions, asksBeforeRemoval, escapesConfirmation } from "../../../../model/argocd";
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
    const found: { at: At; what: string; clusters: string[] }[] = [];
    for (const one of (await input.evaluated.manifests()).rendered) {
      const asking = one.clusters.filter(asks);
      const { syncOptions } = one.expanded.application.spec.syncPolicy ?? {};
      for (const manifest of asking.length > 0 ? one.manifests : []) {
        if (!escapesConfirmation(manifest.object, syncOptions)) continue;
        const at = sourceOf(input.files, one, manifest.source);
        const what = `${resourceName(manifest)} of ${one.application}`;
        found.push({ at, what, clusters: asking });
      }
    }
    for (const { at, what, clusters } of joinClusters(found, ({ at, what }) => JSON.stringify([at, what]))) {
      const message = `${what} has sync options of its own and no Prune=: Argo CD removes it in ${nameClusters(clusters)} without the confirmation that the stage asks for`;
      report.finding(at, message, `add ${askingOptions} to them`);
    }
  },
};
