import { atMost } from "../../../machine/at-most";
import { trackingId } from "../../../model/argocd";
import { maskFields } from "../../tree/mask";
import { differences, type FieldDrift } from "../../stack/cluster/differences";
import type { ClusterObject, ObjectReader } from "../../stack/cluster/objects";

/** One thing that is not as it was written. */
export interface Drift {
  /** Who wrote it: Pulumi, or Argo CD for a component. */
  by: "stack" | "tree";
  component?: string;
  kind: string;
  namespace?: string;
  name: string;
  change: "changed" | "missing";
  /** Whether it is not in the cluster, such as a network on AWS. */
  outside?: true;
  /** Empty for what is missing, and for what only its owner can look into. Secrets are masked. */
  fields: FieldDrift[];
}

/** Something that could not be compared, and why. */
export interface NotCompared {
  what: string;
  why: string;
}

/** What a comparison found. */
export interface Comparison {
  drifts: Drift[];
  notCompared: NotCompared[];
}

/** An object that somebody applies under the name of a manager. */
export interface WantedObject {
  object: ClusterObject;
  manager: string;
  by: Drift["by"];
  component?: string;
}

/** How many objects are asked for at a time. */
const atOnce = 8;

/** Compares objects with the cluster. One that cannot be compared does not keep the others from it. */
export async function compareObjects(reader: ObjectReader, wanted: readonly WantedObject[]): Promise<Comparison> {
  const found: Comparison = { drifts: [], notCompared: [] };
  const few = atMost(atOnce);
  const work = async (one: WantedObject) => {
    try {
      const drift = await compareOne(reader, one);
      if (drift !== undefined) found.drifts.push(drift);
    } catch (error) {
      const { kind, metadata } = one.object;
      const place = metadata.namespace === undefined ? "" : `${metadata.namespace}/`;
      found.notCompared.push({ what: `${kind} ${place}${metadata.name}`, why: (error as Error).message });
    }
  };
  await Promise.all(wanted.map((one) => few(() => work(one))));
  return found;
}

async function compareOne(reader: ObjectReader, wanted: WantedObject): Promise<Drift | undefined> {
  const { object, manager, by, component } = wanted;
  const { kind, metadata } = object;
  const live = await reader.live(object);
  const what = {
    ...{ by, ...(component !== undefined && { component }), kind },
    ...(live?.metadata.namespace !== undefined && { namespace: live.metadata.namespace }),
    name: metadata.name,
  };
  if (live === undefined) {
    const namespace = metadata.namespace === undefined ? {} : { namespace: metadata.namespace };
    return { ...what, ...namespace, change: "missing", fields: [] };
  }
  const fields = differences(live, await reader.applied(withMark(object, live), manager));
  return fields.length === 0 ? undefined : { ...what, change: "changed", fields: masked(kind, fields) };
}

/** With the mark by which Argo CD finds it again: policies of the cluster add to what has one. */
function withMark(object: ClusterObject, live: ClusterObject): ClusterObject {
  const annotations = (one: ClusterObject) => one.metadata.annotations as Record<string, string> | undefined;
  const mark = annotations(live)?.[trackingId];
  if (mark === undefined) return object;
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations(object), [trackingId]: mark } } };
}

/** Without secrets: that a masked field differs is all that is said of it. */
export function masked(kind: string, fields: readonly FieldDrift[]): FieldDrift[] {
  const sides = fields.map(({ path, live, wanted }) => ({
    path,
    ...(live !== undefined && { from: live }),
    ...(wanted !== undefined && { to: wanted }),
  }));
  return maskFields(kind, sides).map(({ path, from, to }) => ({
    path,
    ...(from !== undefined && { live: from }),
    ...(to !== undefined && { wanted: to }),
  }));
}
