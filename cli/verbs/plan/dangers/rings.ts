import { onlyMakesRoom, onlyTeams } from "../../../tree/changes/room";
import { isPathOnly } from "../../../tree/changes/path-only";
import { observe, type Observation } from "../../../tree/changes/observation";
import type { ApplicationChange } from "../../../tree/renderer";
import { allOf } from "../../../terminal/table";
import type { PlanCluster } from "../types";

/** The rings of each stage that the changes of a component reach, by component. */
export type RingReach = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

/**
 * Which rings each component changes in.
 * @param existing clusters that were there before: a new one crosses nothing
 */
export function ringReach(
  changes: readonly ApplicationChange[],
  clusters: readonly PlanCluster[],
  existing: ReadonlySet<string>,
  documents: ReadonlyMap<string, unknown>,
): RingReach {
  const places = new Map(clusters.map((cluster) => [cluster.name, cluster]));
  const reach = new Map<string, Map<string, Set<string>>>();
  for (const change of changes) {
    if (isPathOnly(change) || onlyMakesRoom(change, changes, documents) || onlyTeams(change, documents)) continue;
    for (const name of change.clusters) {
      const { stage, ring } = places.get(name) ?? {};
      if (stage === undefined || ring === undefined || !existing.has(name)) continue;
      const stages = reach.get(change.application) ?? new Map<string, Set<string>>();
      reach.set(change.application, stages.set(stage, (stages.get(stage) ?? new Set()).add(ring)));
    }
  }
  return reach;
}

/** A change that reaches several rings of a stage at once, with the way out. */
export function ringDangers(
  component: string,
  clusters: readonly string[],
  all: readonly PlanCluster[],
  reach: RingReach,
): Observation[] {
  return [...(reach.get(component) ?? [])].flatMap(([stage, rings]) => {
    const ofStage = all.filter((cluster) => cluster.stage === stage);
    const here = ofStage.map(({ name }) => name).filter((name) => clusters.includes(name));
    if (rings.size < 2 || here.length === 0) return [];
    const inOrder = [...new Set(ofStage.flatMap(({ ring }) => (ring !== undefined && rings.has(ring) ? ring : [])))];
    const message = `the rings ${allOf(inOrder)} of ${stage} get this at once; ${wayOut(component, stage, inOrder[0]!)}`;
    return [observe("crosses-rings", () => message, [], here)];
  });
}

function wayOut(component: string, stage: string, first: string): string {
  return component === "bootstrap"
    ? `no file of a ring changes bootstrap: let its template ask for .Values.ring, and begin with ${first}`
    : `what is written into stages/${stage}/rings/${first} goes ring by ring`;
}
