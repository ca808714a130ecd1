import { isDefinition, listed, syncOptionsOf, type ArgoCdObject } from "./annotations";
import { hookOf, runsInSync, type Hook } from "./hooks";

/** What happens to an object of an Application that was in sync. */
export interface Fate {
  /** `absent`: Argo CD never made it, or had deleted it before. */
  outcome: "deleted" | "kept" | "absent";
  /** Whether Argo CD changes neither this object nor any other until somebody confirms (see `deletionApproved`). */
  waits: boolean;
}

/**
 * What happens to an object that its Application no longer makes.
 * Sources: gitops-engine, pkg/sync/sync_context.go (pruneObject and runTasks for options, getSyncTasks for hooks); argo-cd,
 * reposerver/repository/repository.go (GenerateManifests gives definitions no tracking id, so Argo CD never notices that they are gone).
 * Helm's resource-policy and the sync options of the Application do not matter.
 * @param prune whether the Application prunes
 */
export function whenPruned(object: ArgoCdObject, prune = true): Fate {
  const hook = hookOf(object);
  // Argo CD does not prune hooks: what the last sync left stays.
  if (hook) return { outcome: runsInSync(hook) && !endsWithSuccess(hook) ? "kept" : "absent", waits: false };
  if (isDefinition(object)) return { outcome: "kept", waits: false };
  const options = syncOptionsOf(object);
  // Argo CD asks for the confirmation before it looks at Prune=false, and also where it prunes nothing.
  const waits = options.has("Prune=confirm");
  return { outcome: prune && !options.has("Prune=false") ? "deleted" : "kept", waits };
}

/**
 * What happens to an object when its Application is deleted together with its objects.
 * Sources: argo-cd, controller/appcontroller.go (shouldBeDeleted, finalizeApplicationDeletion) and controller/hook.go.
 */
export function whenCascaded(object: ArgoCdObject): Fate {
  const hook = hookOf(object);
  if (hook) {
    // Argo CD creates it after everything else is deleted.
    if (hook.phases.includes("PostDelete")) return { outcome: endsWithSuccess(hook) ? "absent" : "kept", waits: false };
    if (!runsInSync(hook) || endsWithSuccess(hook)) return { outcome: "absent", waits: false };
  }
  const options = syncOptionsOf(object);
  if (isDefinition(object) || options.has("Delete=false") || listed(object, "helm.sh/resource-policy").has("keep")) {
    return { outcome: "kept", waits: false };
  }
  return { outcome: "deleted", waits: options.has("Delete=confirm") };
}

/** Whether a hook is deleted as soon as it has succeeded. */
function endsWithSuccess({ deletePolicies }: Hook): boolean {
  return deletePolicies.includes("HookSucceeded");
}
