import { changedResources } from "../../../tree/changes/changed-resources";
import { unservedVersions } from "../../../tree/changes/definitions";
import { updateEffects } from "../../../tree/changes/updates";
import type { Observation } from "../../../tree/changes/observation";
import type { Subject } from "./subject";

/** Updates that Kubernetes refuses, or that lose more than what they change. */
export function updateDangers({ change, documents, policies }: Subject): Observation[] {
  return [...changedResources([change], documents)].flatMap((one) => [
    ...unservedVersions(one),
    ...policies.flatMap(({ syncOptions, clusters }) => updateEffects(one, syncOptions, clusters)),
  ]);
}
