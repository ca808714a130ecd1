import type { At } from "../at";
import { nameClusters, sourceOf } from "../evaluation";
import type { Rule } from "../rule";

export const boundaryCrossed: Rule = {
  id: "boundary-crossed",
  needs: "manifests",
  async check(input, report) {
    const { rendered } = await input.evaluated.manifests();
    const all = rendered.flatMap((one) => one.manifests.map((manifest) => ({ one, manifest })));
    const refusals = await input.evaluated.refusals(all.map(({ manifest }) => manifest));
    const found = new Map<string, { at: At; what: string; reason: string; clusters: string[] }>();
    for (const { one, manifest } of all) {
      const reason = refusals.get(manifest.id);
      if (reason === undefined) continue;
      const at = sourceOf(input.files, one, manifest.source);
      const what = `${one.application} makes ${manifest.kind} ${manifest.name}`;
      const key = JSON.stringify([at, what, reason]);
      found.set(key, { at, what, reason, clusters: [...(found.get(key)?.clusters ?? []), ...one.clusters] });
    }
    for (const { at, what, reason, clusters } of found.values()) {
      report.finding(at, `${what} in ${nameClusters(clusters)}: ${reason}`, "remove it, or change what is refused");
    }
  },
};
