/** When Argo CD applies a hook of a sync. */
export type SyncPhase = "PreSync" | "Sync" | "PostSync" | "SyncFail";

/** When Argo CD applies a hook of a deletion: before the objects of its Application are deleted, and after that. */
export type DeletePhase = "PreDelete" | "PostDelete";

export type Phase = SyncPhase | DeletePhase;

/** The annotation that makes an object a hook of Argo CD. */
export const hookAnnotation = "argocd.argoproj.io/hook";

/** The annotation that makes an object a hook of Helm. */
export const helmHookAnnotation = "helm.sh/hook";

/** The hooks of a sync that Argo CD 3.6.1 knows, in their exact spelling. */
export const syncHooks: readonly string[] = ["PreSync", "Sync", "PostSync", "SyncFail", "Skip"];

/** argo-cd, controller/hook.go (hookTypeAnnotations), with the name that Helm gives each. */
export const deleteHooks: Readonly<Record<DeletePhase, string>> = {
  PreDelete: "pre-delete",
  PostDelete: "post-delete",
};

/** All hooks of Argo CD. */
export const argoHooks: readonly string[] = [...syncHooks, ...Object.keys(deleteHooks)];

/** gitops-engine, pkg/sync/hook/helm/type.go. Helm's other hooks are not in it. */
export const helmPhases: Readonly<Record<string, SyncPhase>> = {
  "pre-install": "PreSync",
  "pre-upgrade": "PreSync",
  "post-install": "PostSync",
  "post-upgrade": "PostSync",
};

/** The Helm hooks that Argo CD knows; an object with `crd-install` is not a hook. */
export const helmHooks: readonly string[] = [...Object.keys(helmPhases), ...Object.values(deleteHooks), "crd-install"];

/** The Helm hooks (`test-failure` is from Helm 2) that only `helm test` runs. Argo CD never runs them. */
export const helmTests: readonly string[] = ["test", "test-success", "test-failure"];

/** The Helm hooks that Argo CD runs in no phase. */
export const helmOnlyHooks: readonly string[] = ["pre-rollback", "post-rollback"];
