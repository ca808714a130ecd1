import type { DangerId } from "../../../model/rules";
import type { Observation } from "../../tree/changes/observation";
import type { ApplicationChange, Expansion } from "../../tree/renderer";
import { changedResources, type ChangedResource } from "../../tree/changes/changed-resources";
import type { At } from "./at";
import { changeAt, nameClusters } from "./evaluation";
import type { CheckInput } from "./input";
import type { Rule } from "./rule";

/**
 * A rule that reports what is observed of changed resources under its id.
 * @param fix what to do about a resource
 */
export function changeRule(
  id: DangerId,
  observe: (one: ChangedResource, syncOptions: readonly string[]) => readonly Observation[],
  fix: (one: ChangedResource) => string,
): Rule {
  return {
    id,
    needs: "changes",
    check: (input, report) =>
      forEachChangedResource(input, (one, { at, clusters, syncOptions }) => {
        for (const seen of observe(one, syncOptions)) {
          if (seen.id === id) report.finding(at, seen.say(clusters), fix(one));
        }
      }),
  };
}

/** Where a change happens, and how Argo CD syncs there. */
interface ChangePlace {
  at: At;
  /** ` in dev and staging`. */
  clusters: string;
  /** The namespace of the Application: a finding about its own objects need not name it. */
  namespace?: string;
  /** Sync options of the Application. */
  syncOptions: readonly string[];
}

/** Visits every changed resource of the tree, once for each destination and set of sync options that its Application has. */
async function forEachChangedResource(
  input: CheckInput,
  visit: (one: ChangedResource, place: ChangePlace) => void,
): Promise<void> {
  const { changes, documents } = await input.changes();
  const expansion = await input.evaluated.applications();
  const places = new Map(changes.map((change) => [change, placesOf(change, expansion)]));
  for (const one of changedResources(changes, documents)) {
    for (const place of places.get(one.change)!) {
      const { namespace, ...nameOnly } = one.resource;
      visit(namespace === place.namespace ? { ...one, resource: nameOnly } : one, place);
    }
  }
}

function placesOf(change: ApplicationChange, expansion: Expansion): ChangePlace[] {
  const groups = new Map<string, string[]>();
  for (const cluster of change.clusters) {
    const found = expansion.applications.find((one) => one.name === change.application && one.cluster === cluster);
    const { destination, syncPolicy } = found?.application.spec ?? {};
    const key = JSON.stringify({ namespace: destination?.namespace, syncOptions: syncPolicy?.syncOptions ?? [] });
    groups.set(key, [...(groups.get(key) ?? []), cluster]);
  }
  return [...groups].map(([key, clusters]) => ({
    at: changeAt(expansion, { ...change, clusters }),
    clusters: ` in ${nameClusters(clusters)}`,
    ...(JSON.parse(key) as Pick<ChangePlace, "namespace" | "syncOptions">),
  }));
}
