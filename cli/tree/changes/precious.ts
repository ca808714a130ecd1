import { someOf } from "../../terminal/table";
import type { ResourceChange } from "../renderer";
import { resourceName } from "../resource";
import { observe, type Observation } from "./observation";

/** Kinds whose deletion cannot be undone by restoring the file. */
const kinds = [
  { id: "volume-removed", kinds: ["PersistentVolumeClaim", "PersistentVolume"], loses: "its data may be lost" },
  { id: "crd-removed", kinds: ["CustomResourceDefinition"], loses: "all its objects are deleted too" },
  { id: "namespace-removed", kinds: ["Namespace"], loses: "everything in it is deleted too" },
  {
    id: "stateful-set-removed",
    kinds: ["StatefulSet"],
    loses: "its pods stop, its claims stay unless it says otherwise",
  },
] as const;

type PreciousId = (typeof kinds)[number]["id"];

/** Whether more is lost than the resource itself when it is deleted. */
export function isPrecious({ kind }: { kind: string }): boolean {
  return kinds.some((precious) => (precious.kinds as readonly string[]).includes(kind));
}

/** What is lost with some resources. @param how what happens to them, such as `pruned` */
export function preciousLosses(
  resources: readonly ResourceChange[],
  how: string,
  clusters?: readonly string[],
): Observation<PreciousId>[] {
  return kinds.flatMap(({ id, kinds, loses }) => {
    const lost = resources.filter(({ kind }) => (kinds as readonly string[]).includes(kind));
    if (lost.length === 0) return [];
    const verb = lost.length === 1 ? "is" : "are";
    const say = (at: string) => `${someOf(lost.map(resourceName))} ${verb} ${how}${at}: ${loses}`;
    return [observe(id, say, lost, clusters)];
  });
}
