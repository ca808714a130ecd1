import { keepsApplications } from "../../../../model/argocd";
import type { ApplicationChange, ExpandedSet } from "../../../tree/renderer";
import { changeAt, nameClusters } from "../evaluation";
import type { CheckInput } from "../input";
import type { Rule } from "../rule";

export const massRemoval: Rule = {
  id: "mass-removal",
  needs: "changes",
  async check(input, report) {
    const { sets } = await input.changes();
    const expansion = await input.evaluated.applications();
    const told = new Map<string, { lost: ApplicationChange[]; names: string[]; effect: string; clusters: string[] }>();
    for (const [cluster, lost] of await lossesOf(input)) {
      if (lost.length <= input.maxRemovals) continue;
      const names = lost.map(({ application }) => application).sort();
      const effect = effectOf(
        lost,
        sets.filter((set) => set.cluster === cluster),
      );
      const key = [...names, effect].join(" ");
      const known = told.get(key);
      if (known) known.clusters.push(cluster);
      else told.set(key, { lost, names, effect, clusters: [cluster] });
    }
    for (const { lost, names, effect, clusters } of told.values()) {
      const some = names.length > 8 ? `${names.slice(0, 8).join(", ")}, ...` : names.join(", ");
      const message = `this takes ${names.length} Applications from ${nameClusters(clusters)}: ${some}; ${effect}`;
      const fix = `remove ${input.maxRemovals} at a time, or allow it with --max-removals ${names.length}`;
      const first = lost.find(({ application }) => application === names[0])!;
      report.finding(changeAt(expansion, { ...first, clusters }), message, fix);
    }
  },
};

/** What each production cluster loses. */
async function lossesOf(input: CheckInput): Promise<Map<string, ApplicationChange[]>> {
  const production = new Set(input.clustersOf(input.production?.name ?? "").map(({ name }) => name));
  const losses = new Map<string, ApplicationChange[]>();
  const emptied = await emptiedApplications(input);
  for (const change of (await input.changes()).changes) {
    for (const cluster of change.clusters) {
      const lost = change.change === "remove" || (isPruned(change) && emptied.has(`${cluster}/${change.application}`));
      if (lost && production.has(cluster)) losses.set(cluster, [...(losses.get(cluster) ?? []), change]);
    }
  }
  return losses;
}

/** Applications that render to nothing: Argo CD prunes what they made. */
async function emptiedApplications({ evaluated }: CheckInput): Promise<Set<string>> {
  const { rendered } = await evaluated.manifests();
  const empty = rendered.filter(({ manifests }) => manifests.length === 0);
  return new Set(empty.flatMap(({ application, clusters }) => clusters.map((cluster) => `${cluster}/${application}`)));
}

function isPruned({ change, resources }: ApplicationChange): boolean {
  return change === "change" && resources.some((resource) => resource.change === "remove");
}

/** What happens to the Applications, according to the sets that are left in the cluster. */
function effectOf(lost: readonly ApplicationChange[], sets: readonly ExpandedSet[]): string {
  if (lost.some(({ change }) => change !== "remove")) return "some of them keep no resources";
  // The set that Pulumi writes makes no components.
  const own = sets.filter(({ parent }) => parent !== undefined);
  if (own.length > 0 && own.every(({ applicationsSync }) => keepsApplications(applicationsSync))) {
    return "they stay there, but nothing updates them any more";
  }
  const kept = own.length > 0 && own.every(({ preserveResourcesOnDeletion }) => preserveResourcesOnDeletion);
  return kept ? "they are deleted, and what they made stays" : "they are deleted with everything they made";
}
