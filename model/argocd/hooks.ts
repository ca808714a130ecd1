import { annotation, listed, type ArgoCdObject } from "./annotations";
import {
  deleteHooks,
  helmHookAnnotation,
  helmPhases,
  hookAnnotation,
  syncHooks,
  type DeletePhase,
  type Phase,
} from "./hook-names";

/** When Argo CD deletes a hook. */
export type DeletePolicy = "BeforeHookCreation" | "HookSucceeded" | "HookFailed";

export interface Hook {
  /** Empty for a hook that is never applied: `Skip`, and Helm hooks that Argo CD does not know, such as `test`. */
  phases: readonly Phase[];
  deletePolicies: readonly DeletePolicy[];
}

const policies: Readonly<Record<string, Readonly<Record<string, DeletePolicy>>>> = {
  "argocd.argoproj.io/hook-delete-policy": {
    BeforeHookCreation: "BeforeHookCreation",
    HookSucceeded: "HookSucceeded",
    HookFailed: "HookFailed",
  },
  "helm.sh/hook-delete-policy": {
    "before-hook-creation": "BeforeHookCreation",
    "hook-succeeded": "HookSucceeded",
    "hook-failed": "HookFailed",
  },
};

/**
 * How Argo CD reads the annotations of a hook; undefined for an object that it keeps in sync like any other.
 * Sources: gitops-engine, pkg/sync/hook/hook.go (IsHook, Skip, Types) and pkg/sync/ignore; argo-cd, controller/hook.go
 * (isHookOfType).
 */
export function hookOf(object: ArgoCdObject | undefined): Hook | undefined {
  const [argo, helm] = [annotation(object, hookAnnotation), annotation(object, helmHookAnnotation)];
  // Helm 2 marked definitions as hooks; Argo CD does not treat them as hooks.
  if (argo === undefined && (helm === undefined || helm === "crd-install")) return undefined;
  const own = [...listed(object, hookAnnotation)].filter((type) => syncHooks.includes(type));
  // Helm's annotations are read only where Argo CD's own name no phase.
  const types =
    own.length > 0 ? own : [...listed(object, helmHookAnnotation)].flatMap((type) => helmPhases[type] ?? []);
  const phases = new Set(types.filter((type) => type !== "Skip") as Phase[]);
  for (const [phase, name] of Object.entries(deleteHooks) as [DeletePhase, string][])
    if (listed(object, hookAnnotation).has(phase) || listed(object, helmHookAnnotation).has(name)) phases.add(phase);
  return { phases: [...phases], deletePolicies: deletePoliciesOf(object) };
}

/** gitops-engine, pkg/sync/hook/delete_policy.go. */
function deletePoliciesOf(object: ArgoCdObject | undefined): DeletePolicy[] {
  const found = Object.entries(policies).flatMap(([name, known]) =>
    [...listed(object, name)].flatMap((policy) => known[policy] ?? []),
  );
  return found.length > 0 ? [...new Set(found)] : ["BeforeHookCreation"];
}

/** Whether every successful sync applies it. */
export function runsInSync({ phases }: Hook): boolean {
  return phases.some((phase) => phase !== "SyncFail" && !(phase in deleteHooks));
}
