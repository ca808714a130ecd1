import { asksBeforeRemoval, asStored, keepsApplications, whenPruned } from "../../../../model/argocd";
import { changedResources, type ChangedResource } from "../../../tree/changes/changed-resources";
import { someOf } from "../../../terminal/table";
import { resourceName } from "../../../tree/resource";
import type { ApplicationChange, ExpandedApplication, ExpandedSet } from "../../../tree/renderer";
import { changeAt, nameClusters } from "../evaluation";
import type { CheckInput } from "../input";
import type { Rule } from "../rule";

/** What clusters lose in the same way. */
interface Loss {
  /** One of the changes that take it. */
  change: ApplicationChange;
  /** What is lost by clusters, and what happens then. */
  message: (clusters: string) => string;
  fix: string;
}

export const massRemoval: Rule = {
  id: "mass-removal",
  needs: "changes",
  async check(input, report) {
    const expansion = await input.evaluated.applications();
    const applications = new Map(expansion.applications.map((one) => [`${one.cluster}/${one.name}`, one]));
    const found = new Map<string, Loss & { clusters: string[] }>();
    for (const cluster of input.clustersOf(input.production?.name ?? "").map(({ name }) => name)) {
      for (const loss of [await lostApplications(input, cluster), await lostObjects(input, cluster, applications)]) {
        if (loss === undefined) continue;
        const key = loss.message("");
        const same = found.get(key);
        if (same) same.clusters.push(cluster);
        else found.set(key, { ...loss, clusters: [cluster] });
      }
    }
    for (const { change, message, fix, clusters } of found.values()) {
      report.finding(changeAt(expansion, { ...change, clusters }), message(nameClusters(clusters)), fix);
    }
  },
};

/** Applications that nothing makes any more. */
async function lostApplications(input: CheckInput, cluster: string): Promise<Loss | undefined> {
  const { changes, sets } = await input.changes();
  const lost = changes.filter(({ change, clusters }) => change === "remove" && clusters.includes(cluster));
  if (lost.length <= input.maxRemovals) return undefined;
  const names = lost.map(({ application }) => application).sort();
  const effect = effectOf(sets.filter((set) => set.cluster === cluster));
  return {
    change: lost.find(({ application }) => application === names[0])!,
    message: (clusters) => `this takes ${names.length} Applications from ${clusters}: ${someNames(names)}; ${effect}`,
    fix: `remove ${input.maxRemovals} at a time, or allow it with --max-removals ${names.length}`,
  };
}

/** Objects that Argo CD prunes from Applications that stay. */
async function lostObjects(
  input: CheckInput,
  cluster: string,
  applications: ReadonlyMap<string, ExpandedApplication>,
): Promise<Loss | undefined> {
  const { changes, documents } = await input.changes();
  const asks = asksBeforeRemoval(input.production!, input.tree.clusters.get(cluster)!.kubernetesVersion);
  const lost: ChangedResource[] = [];
  for (const change of changes) {
    if (change.change !== "change" || !change.clusters.includes(cluster)) continue;
    const found = applications.get(`${cluster}/${change.application}`);
    const { automated, syncOptions } = found?.application.spec.syncPolicy ?? {};
    const { prune = false, allowEmpty = false } = automated ?? {};
    // What would delete everything of an Application is not synced.
    if (change.emptied && !allowEmpty) continue;
    const removed = [...changedResources([change], documents)].filter(({ resource }) => resource.change === "remove");
    const fates = removed.map(({ resource, before }) => {
      const object = before ?? resource;
      return whenPruned(asks ? asStored(object) : object, prune, syncOptions);
    });
    // Nothing is deleted before somebody has confirmed it.
    if (fates.some(({ waits }) => waits)) continue;
    lost.push(...removed.filter((_, i) => fates[i]!.outcome === "deleted"));
  }
  if (lost.length <= input.maxObjectRemovals) return undefined;
  const names = lost.map(({ resource }) => resourceName(resource)).sort();
  return {
    change: lost[0]!.change,
    message: (clusters) =>
      `Argo CD deletes ${names.length} objects of Applications that stay in ${clusters}: ${someNames(names)}`,
    fix: `remove ${input.maxObjectRemovals} at a time, or allow it with --max-object-removals ${names.length}`,
  };
}

const someNames = (names: readonly string[]) => someOf(names, "", 8);

/** What happens to the Applications, according to the sets that are left in the cluster. */
function effectOf(sets: readonly ExpandedSet[]): string {
  // The set that Pulumi writes makes no components.
  const own = sets.filter(({ parent }) => parent !== undefined);
  if (own.length > 0 && own.every(({ applicationsSync }) => keepsApplications(applicationsSync))) {
    return "they stay there, but nothing updates them any more";
  }
  const kept = own.length > 0 && own.every(({ preserveResourcesOnDeletion }) => preserveResourcesOnDeletion);
  return kept ? "they are deleted, and what they made stays" : "they are deleted with everything they made";
}
