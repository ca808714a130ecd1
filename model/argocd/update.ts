import { isDefinition, syncOptionsOf, type ArgoCdObject } from "./annotations";
import { hookOf, runsInSync } from "./hooks";

/**
 * How a sync brings an object to a new state.
 * - `in-place`: it is updated, and a field that cannot change makes the sync fail
 * - `recreated`: it is deleted and created at each sync
 * - `recreated-if-refused`: it is updated; where Kubernetes refuses that, it is deleted and created
 * - `recreated-unless-refused`: it is deleted and created at each sync; where Kubernetes would refuse an update, nothing is synced
 * - `untouched`: no sync applies it
 */
export type Update = "in-place" | "recreated" | "recreated-if-refused" | "recreated-unless-refused" | "untouched";

/**
 * How Argo CD updates an object.
 * Sources: gitops-engine, pkg/sync/sync_context.go (applyObject, shouldUseServerSideApply, deleteBeforeCreation) and
 * pkg/utils/kube/resource_ops.go (newApplyOptions drops --force with --server-side); kubectl, pkg/cmd/apply (Patch deletes and
 * creates with --force) and pkg/cmd/replace.
 * @param options those of the Application, `spec.syncPolicy.syncOptions`; Argo CD reads neither comma lists nor `Force=true` there
 * @param live the object that is there; Argo CD replaces and forces also where only this one says so
 */
export function howUpdated(object: ArgoCdObject, options: readonly string[] = [], live?: ArgoCdObject): Update {
  const hook = hookOf(object);
  if (hook && !runsInSync(hook)) return "untouched";
  // The object of the last sync is gone before the next one, or the next one deletes it.
  if (hook && hook.deletePolicies.some((policy) => policy !== "HookFailed")) return "recreated";
  const update = hook ? byOptions(object, options, live) : compared(byOptions(object, options, live), options);
  // HookFailed alone: a refused update fails the hook, which deletes the object, and the next try creates it.
  return hook && update === "in-place" ? "recreated-if-refused" : update;
}

/**
 * An Application with server-side apply is compared by a dry run of it. Where Kubernetes refuses that, Argo CD cannot compare, and
 * syncs nothing of the Application (controller/state.go, CompareAppState, since 3.6).
 */
function compared(update: Update, options: readonly string[]): Update {
  if (!options.includes("ServerSideApply=true")) return update;
  return update === "recreated" ? "recreated-unless-refused" : "in-place";
}

/** How Argo CD hands an object to Kubernetes. With `client-side`, the object keeps a copy of its manifest in an annotation. */
export type Writing = "replace" | "client-side" | "server-side";

/** Parameters are those of `howUpdated`. */
export function howWritten(object: ArgoCdObject, options: readonly string[] = [], live?: ArgoCdObject): Writing {
  const own = syncOptionsOf(object);
  if (either(object, live, "Replace=true") || options.includes("Replace=true")) return "replace";
  if (own.has("ServerSideApply=false")) return "client-side";
  return own.has("ServerSideApply=true") || options.includes("ServerSideApply=true") ? "server-side" : "client-side";
}

function either(object: ArgoCdObject, live: ArgoCdObject | undefined, option: string): boolean {
  return syncOptionsOf(object).has(option) || syncOptionsOf(live).has(option);
}

function byOptions(object: ArgoCdObject, options: readonly string[], live: ArgoCdObject | undefined): Update {
  if (!either(object, live, "Force=true")) return "in-place";
  switch (howWritten(object, options, live)) {
    case "replace":
      // Deleting one of these would delete everything inside it.
      return isDefinition(object) || object.kind === "Namespace" ? "in-place" : "recreated";
    case "server-side":
      return "in-place";
    case "client-side":
      return "recreated-if-refused";
  }
}
