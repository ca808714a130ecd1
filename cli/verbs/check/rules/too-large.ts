import { howWritten } from "../../../../model/argocd";
import { reportFault } from "../kubernetes/fault";
import { sizeFault } from "../kubernetes/sizes";
import type { Rule } from "../rule";

export const tooLarge: Rule = {
  id: "too-large",
  needs: "manifests",
  async check({ files, evaluated }, report) {
    const { applications } = await evaluated.applications();
    const options = new Map(
      applications.map(({ cluster, name, application }) => [
        `${cluster}/${name}`,
        application.spec.syncPolicy?.syncOptions,
      ]),
    );
    for (const one of (await evaluated.manifests()).rendered) {
      for (const manifest of one.manifests) {
        const writings = one.clusters.map((cluster) =>
          howWritten(manifest.object, options.get(`${cluster}/${one.application}`)),
        );
        const fault = sizeFault(manifest.object, writings);
        if (fault) reportFault(files, report, one, manifest, fault);
      }
    }
  },
};
