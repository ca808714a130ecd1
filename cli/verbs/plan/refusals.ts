import { groupBy } from "../../../model/group-by";
import { only } from "../../tree/changes/only";
import { refusalOfResource, refusalsOfWhole, refusalWords, type Project } from "../../tree/project";
import type { ApplicationChange, Owner } from "../../tree/renderer";
import type { Documents } from "./workloads";

/** What AppProjects refuse of a change: reasons, and which of its resources they are about. */
export interface Refusals {
  reasons: string[];
  resources: ReadonlySet<number>;
}

const none: Refusals = { reasons: [], resources: new Set() };

/** A change in clusters whose AppProjects all refuse the same of it. */
export interface JudgedChange {
  change: ApplicationChange;
  refusals: Refusals;
}

/** Splits a change by what the AppProjects of its clusters refuse; mostly they all allow it. */
export function byRefusal(change: ApplicationChange, documents: Documents): JudgedChange[] {
  const { owners = [], clusters } = change;
  const groups = new Map<string, { clusters: string[]; refusals: Refusals }>();
  const add = (refusals: Refusals, of: readonly string[]) => {
    const key = JSON.stringify(refusals.reasons);
    const group = groups.get(key) ?? { clusters: [], refusals };
    group.clusters.push(...of);
    groups.set(key, group);
  };
  for (const owner of owners) add(refusalsOf(change, owner, documents), owner.clusters);
  const owned = new Set(owners.flatMap((owner) => owner.clusters));
  const free = clusters.filter((cluster) => !owned.has(cluster));
  if (free.length > 0) add(none, free);
  if (groups.size === 1) return [...groups.values()].map(({ refusals }) => ({ change, refusals }));
  return [...groups.values()].map((group) => ({ change: only(change, group.clusters), refusals: group.refusals }));
}

function refusalsOf({ application, resources }: ApplicationChange, owner: Owner, documents: Documents): Refusals {
  const { metadata, spec } = documents.get(owner.project)!;
  const project = (spec ?? {}) as Project;
  const about = { project: metadata.name ?? "", application };
  const whole = refusalsOfWhole(project, about, owner).map(({ message }) => message);
  const arriving = [...resources.entries()].filter(([, { change }]) => change !== "remove");
  const refused = arriving.flatMap(([index, resource]) => {
    const refusal = refusalOfResource(project, owner, resource);
    return refusal ? [{ index, resource, refusal }] : [];
  });
  const causes = groupBy(refused, ({ refusal }) => JSON.stringify(refusal));
  const reasons = [...causes.values()].map((same) =>
    refusalWords(
      same[0].refusal,
      { project: about.project, applications: [application] },
      same.map(({ resource }) => resource),
    ),
  );
  const indexes = whole.length > 0 ? arriving.map(([index]) => index) : refused.map(({ index }) => index);
  return { reasons: [...whole, ...reasons], resources: new Set(indexes) };
}
