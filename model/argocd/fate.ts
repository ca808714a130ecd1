import { isDefinition, listed, syncOption, type ArgoCdObject } from "./annotations";
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
 * Sources: gitops-engine, pkg/sync/sync_context.go (isPruningDisabled and objRequiresPruneConfirmation for options, getSyncTasks
 * for hooks); argo-cd, reposerver/repository/repository.go (GenerateManifests gives definitions no tracking id, so Argo CD never
 * notices that they are gone). Helm's resource-policy does not matter.
 * @param prune whether the Application prunes
 * @param options the sync options of the Application, for an object that has none of its own
 */
export function whenPruned(object: ArgoCdObject, prune = true, options: readonly string[] = []): Fate {
  const hook = hookOf(object);
  // Argo CD does not prune hooks: what the last sync left stays.
  if (hook) return { outcome: runsInSync(hook) && !endsWithSuccess(hook) ? "kept" : "absent", waits: false };
  if (isDefinition(object)) return { outcome: "kept", waits: false };
  const said = syncOption(object, "Prune", options);
  // Argo CD asks for the confirmation also where it prunes nothing.
  return { outcome: prune && said !== "false" ? "deleted" : "kept", waits: said === "confirm" };
}

/**
 * What happens to an object when its Application is deleted together with its objects.
 * Sources: argo-cd, controller/appcontroller.go (shouldBeDeleted, finalizeApplicationDeletion), controller/state.go
 * (isObjRequiresDeletionConfirmation) and controller/hook.go.
 * @param options the sync options of the Application, for an object that has none of its own
 */
export function whenCascaded(object: ArgoCdObject, options: readonly string[] = []): Fate {
  const hook = hookOf(object);
  // Argo CD creates it before anything is deleted, and then deletes it with everything else.
  const isPreDelete = hook?.phases.includes("PreDelete") === true;
  // Argo CD creates it after everything else is deleted.
  if (hook?.phases.includes("PostDelete")) {
    return { outcome: endsWithSuccess(hook) || isPreDelete ? "absent" : "kept", waits: false };
  }
  const isNew = hook !== undefined && (!runsInSync(hook) || endsWithSuccess(hook));
  if (isNew && (!isPreDelete || endsWithSuccess(hook))) return { outcome: "absent", waits: false };
  const said = syncOption(object, "Delete", options);
  if (isDefinition(object) || said === "false" || listed(object, "helm.sh/resource-policy").has("keep")) {
    return { outcome: "kept", waits: false };
  }
  const waits = said === "confirm" || syncOption(object, "Prune", options) === "confirm";
  return { outcome: isNew ? "absent" : "deleted", waits };
}

/** Whether a hook is deleted as soon as it has succeeded. */
function endsWithSuccess({ deletePolicies }: Hook): boolean {
  return deletePolicies.includes("HookSucceeded");
}
