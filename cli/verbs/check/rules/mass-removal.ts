import {
  asksBeforeRemoval,
  asStored,
  cascades,
  keepsApplications,
  whenCascaded,
  whenPruned,
  type ArgoCdObject,
  type Fate,
} from "../../../../model/argocd";
import { changedResources, type ChangedResource } from "../../../tree/changes/changed-resources";
import { someOf } from "../../../terminal/table";
import { resourceName } from "../../../tree/resource";
import type { ApplicationChange, ExpandedApplication, ExpandedSet } from "../../../tree/renderer";
import { changeAt, joinClusters, nameClusters } from "../evaluation";
import type { CheckInput } from "../input";
import type { Rule } from "../rule";

/** What clusters lose in the same way. */
interface Loss {
  /** One of the changes that cause it. */
  change: ApplicationChange;
  /** What is lost by clusters, and what happens then. */
  message: (clusters: string) => string;
  fix: string;
  clusters: readonly string[];
}

export const massRemoval: Rule = {
  id: "mass-removal",
  needs: "changes",
  async check(input, report) {
    const expansion = await input.evaluated.applications();
    const clusters = input.clustersOf(input.production?.name ?? "").map(({ name }) => name);
    const sides = { before: byPlace(await applicationsBefore(input, clusters)), now: byPlace(expansion.applications) };
    const found: Loss[] = [];
    for (const cluster of clusters) {
      for (const loss of [await lostApplications(input, cluster), await lostObjects(input, cluster, sides)]) {
        if (loss) found.push(loss);
      }
    }
    for (const { change, message, fix, clusters } of joinClusters(found, ({ message }) => message(""))) {
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
    clusters: [cluster],
  };
}

/** The Applications by cluster and name: after the change, and before it for clusters that lose some. */
type Sides = Record<"before" | "now", ReadonlyMap<string, ExpandedApplication>>;

const byPlace = (applications: readonly ExpandedApplication[]) =>
  new Map(applications.map((one) => [`${one.cluster}/${one.name}`, one]));

/** Objects that Argo CD prunes from Applications that stay, or deletes together with those that go. */
async function lostObjects(input: CheckInput, cluster: string, sides: Sides): Promise<Loss | undefined> {
  const { changes, documents, sets } = await input.changes();
  const here = changes.filter((one) => one.change !== "add" && one.clusters.includes(cluster));
  const asks = asksBeforeRemoval(input.production!, input.tree.clusters.get(cluster)!.kubernetesVersion);
  const lost: ChangedResource[] = [];
  for (const change of here) {
    const isGone = change.change === "remove";
    const found = sides[isGone ? "before" : "now"].get(`${cluster}/${change.application}`);
    const fateOf = isGone ? whenGone(found, sets) : whenStays(found, change);
    if (fateOf === undefined) continue;
    const removed = [...changedResources([change], documents)].filter(({ resource }) => resource.change === "remove");
    const fates = removed.map(({ resource, before }) =>
      fateOf(asks ? asStored(before ?? resource) : (before ?? resource)),
    );
    // Nothing is deleted before somebody has confirmed it.
    if (fates.some(({ waits }) => waits)) continue;
    lost.push(...removed.filter((_, i) => fates[i]!.outcome === "deleted"));
  }
  if (lost.length <= input.maxObjectRemovals) return undefined;
  const names = lost.map(({ resource }) => resourceName(resource)).sort();
  const ways = new Set(lost.map(({ change }) => (change.change === "remove" ? "go from" : "stay in")));
  return {
    change: lost[0]!.change,
    message: (clusters) =>
      `Argo CD deletes ${names.length} objects of Applications that ${[...ways].join(" or ")} ${clusters}: ${someNames(names)}`,
    fix: `remove ${input.maxObjectRemovals} at a time, or allow it with --max-object-removals ${names.length}`,
    clusters: [cluster],
  };
}

/** Only of clusters that lose an Application which made something: it costs an expansion. */
async function applicationsBefore(input: CheckInput, clusters: readonly string[]): Promise<ExpandedApplication[]> {
  const { changes } = await input.changes();
  const losing = changes.filter(({ change, resources }) => change === "remove" && resources.length > 0);
  const asked = clusters.filter((cluster) => losing.some((change) => change.clusters.includes(cluster)));
  return asked.length === 0 ? [] : input.evaluated.applicationsBefore(asked);
}

type FateOf = (object: ArgoCdObject) => Fate;

function whenStays(found: ExpandedApplication | undefined, { emptied }: ApplicationChange): FateOf | undefined {
  const { automated, syncOptions } = found?.application.spec.syncPolicy ?? {};
  const { prune = false, allowEmpty = false } = automated ?? {};
  // Without allowEmpty, Argo CD does not start a sync that deletes everything of an Application.
  return emptied && !allowEmpty ? undefined : (object) => whenPruned(object, prune, syncOptions);
}

/** Undefined where the Application, or what it made, stays. */
function whenGone(found: ExpandedApplication | undefined, sets: readonly ExpandedSet[]): FateOf | undefined {
  if (!found || !cascades(found.application.metadata.finalizers ?? [])) return undefined;
  const set = sets.find(({ cluster, name }) => cluster === found.cluster && name === found.set);
  return keepsApplications(set?.applicationsSync)
    ? undefined
    : (object) => whenCascaded(object, found.application.spec.syncPolicy?.syncOptions);
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
