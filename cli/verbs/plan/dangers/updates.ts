import { changedResources } from "../../../tree/changes/changed-resources";
import { unservedVersions } from "../../../tree/changes/definitions";
import { updateEffects } from "../../../tree/changes/updates";
import type { Found, Subject } from "./subject";

/** Updates that Kubernetes refuses, or that lose more than what they change. */
export function updateDangers({ change, documents, policies }: Subject): Found[] {
  return [...changedResources([change], documents)].flatMap((one) => [
    ...unservedVersions(one),
    ...policies.flatMap(({ syncOptions, clusters }) => updateEffects(one, syncOptions, clusters)),
  ]);
}
