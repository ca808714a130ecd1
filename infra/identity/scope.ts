import { clusterScope, type ClusterScope } from "../../model/admission/policy";
import type { Settings } from "../settings/settings";

/** What the admission policy of a stack's cluster holds it to. */
export function scopeOf({ identity, repository }: Pick<Settings, "identity" | "repository">): ClusterScope {
  return clusterScope(identity, { repoURL: repository.url, revision: repository.revision });
}
