import type { ApplicationChange, Expansion } from "../../tree/renderer";
import { changedResources, type ChangedResource } from "../../tree/changes/changed-resources";
import type { At } from "./at";
import { changeAt, nameClusters } from "./evaluation";
import type { CheckInput } from "./input";

/** Where a change happens, and how Argo CD syncs there. */
export interface ChangePlace {
  at: At;
  /** ` in dev and staging`. */
  clusters: string;
  /** Sync options of the Application. */
  syncOptions: readonly string[];
}

/** Visits every changed resource of the tree, once for each set of sync options that its Application has. */
export async function forEachChangedResource(
  input: CheckInput,
  visit: (one: ChangedResource, place: ChangePlace) => void,
): Promise<void> {
  const { changes, documents } = await input.changes();
  const expansion = await input.evaluated.applications();
  const places = new Map(changes.map((change) => [change, placesOf(change, expansion)]));
  for (const one of changedResources(changes, documents)) {
    for (const place of places.get(one.change)!) visit(one, place);
  }
}

function placesOf(change: ApplicationChange, expansion: Expansion): ChangePlace[] {
  const groups = new Map<string, string[]>();
  for (const cluster of change.clusters) {
    const found = expansion.applications.find((one) => one.name === change.application && one.cluster === cluster);
    const key = JSON.stringify(found?.application.spec.syncPolicy?.syncOptions ?? []);
    groups.set(key, [...(groups.get(key) ?? []), cluster]);
  }
  return [...groups].map(([key, clusters]) => ({
    at: changeAt(expansion, { ...change, clusters }),
    clusters: ` in ${nameClusters(clusters)}`,
    syncOptions: JSON.parse(key) as string[],
  }));
}
