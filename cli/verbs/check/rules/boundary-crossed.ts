import type { At } from "../at";
import { joinClusters, nameClusters, sourceOf } from "../evaluation";
import type { Rule } from "../rule";

export const boundaryCrossed: Rule = {
  id: "boundary-crossed",
  needs: "manifests",
  async check(input, report) {
    const { rendered } = await input.evaluated.manifests();
    const all = rendered.flatMap((one) => one.manifests.map((manifest) => ({ one, manifest })));
    const refusals = await input.evaluated.refusals(all.map(({ manifest }) => manifest));
    const found: { at: At; what: string; reason: string; clusters: readonly string[] }[] = [];
    for (const { one, manifest } of all) {
      const reason = refusals.get(manifest.id);
      if (reason === undefined) continue;
      const at = sourceOf(input.files, one, manifest.source);
      const what = `${one.application} makes ${manifest.kind} ${manifest.name}`;
      found.push({ at, what, reason, clusters: one.clusters });
    }
    const keyOf = ({ at, what, reason }: (typeof found)[number]) => JSON.stringify([at, what, reason]);
    for (const { at, what, reason, clusters } of joinClusters(found, keyOf)) {
      report.finding(at, `${what} in ${nameClusters(clusters)}: ${reason}`, "remove it, or change what is refused");
    }
  },
};
