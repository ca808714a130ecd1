import { reportFault } from "../kubernetes/fault";
import { nameFaults } from "../kubernetes/names";
import type { Rule } from "../rule";

export const refusedName: Rule = {
  id: "refused-name",
  needs: "manifests",
  async check({ files, tree, evaluated }, report) {
    for (const one of (await evaluated.manifests()).rendered) {
      const versions = one.clusters.flatMap((cluster) => tree.clusters.get(cluster)?.kubernetesVersion ?? []);
      for (const manifest of one.manifests) {
        for (const fault of nameFaults(manifest.object, versions)) reportFault(files, report, one, manifest, fault);
      }
    }
  },
};
