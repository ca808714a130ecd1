import { resourceName } from "../../../tree/resource";
import { observe, type Observation } from "../../../tree/changes/observation";
import type { Subject } from "./subject";

/** Resources that the cluster's policy does not let Argo CD write. */
export function boundaryDangers({ change, refusals }: Subject): Observation[] {
  return change.resources.flatMap((resource) => {
    const reason = refusals.get(resource.after ?? "");
    if (reason === undefined) return [];
    return [observe("boundary-crossed", (at) => `${resourceName(resource)} is refused${at}: ${reason}`, [resource])];
  });
}
