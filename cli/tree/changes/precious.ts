import { someOf } from "../../terminal/table";
import { makesPods } from "../kubernetes/pod-makers";
import type { ResourceChange } from "../renderer";
import { resourceName } from "../resource";
import { observe, type Observation } from "./observation";

type Named = Pick<ResourceChange, "apiVersion" | "kind">;

const isOneOf =
  (...kinds: string[]) =>
  ({ kind }: Named) =>
    kinds.includes(kind);

const isStatefulSet = isOneOf("StatefulSet");

/** Kinds whose deletion cannot be undone by restoring the file, as the id of each danger says. */
const kinds = [
  { id: "volume-removed", is: isOneOf("PersistentVolumeClaim", "PersistentVolume"), loses: "its data may be lost" },
  { id: "crd-removed", is: isOneOf("CustomResourceDefinition"), loses: "all its objects are deleted too" },
  { id: "namespace-removed", is: isOneOf("Namespace"), loses: "everything in it is deleted too" },
  {
    id: "stateful-set-removed",
    is: isStatefulSet,
    loses: "its pods stop, its claims stay unless it says otherwise",
  },
] as const;

/** Kinds that come back with the file, and whose loss matters all the same while their Application stays. */
const missedKinds = [
  {
    id: "workload-removed",
    is: (one: Named) => makesPods(one) && !isStatefulSet(one),
    loses: "its pods stop",
  },
  {
    id: "limits-removed",
    is: isOneOf("ResourceQuota", "LimitRange"),
    loses: "nothing limits its namespace any more",
  },
] as const;

type Kind = (typeof kinds | typeof missedKinds)[number];
type PreciousId = (typeof kinds)[number]["id"];

/** Whether more is lost than the resource itself when it is deleted. */
export function isPrecious(one: Named): boolean {
  return kinds.some(({ is }) => is(one));
}

/** Whether a plan names a resource of this kind when it is pruned, with what is lost. */
export function isMissed(one: Named): boolean {
  return isPrecious(one) || missedKinds.some(({ is }) => is(one));
}

/** What is lost with some resources. @param how what happens to them, such as `pruned` */
export function preciousLosses(
  resources: readonly ResourceChange[],
  how: string,
  clusters?: readonly string[],
): Observation<PreciousId>[] {
  return lossesOf(kinds, resources, how, clusters);
}

/** What is missed of some resources that are pruned. */
export function prunedLosses(resources: readonly ResourceChange[], clusters?: readonly string[]): Observation[] {
  return lossesOf([...kinds, ...missedKinds], resources, "pruned", clusters);
}

function lossesOf<Id extends Kind["id"]>(
  list: readonly (Kind & { id: Id })[],
  resources: readonly ResourceChange[],
  how: string,
  clusters?: readonly string[],
): Observation<Id>[] {
  return list.flatMap(({ id, is, loses }) => {
    const lost = resources.filter(is);
    if (lost.length === 0) return [];
    const verb = lost.length === 1 ? "is" : "are";
    const say = (at: string) => `${someOf(lost.map(resourceName))} ${verb} ${how}${at}: ${loses}`;
    return [observe(id, say, lost, clusters)];
  });
}
