/** When Argo CD applies a hook. PostDelete hooks are made when their Application is deleted. */
export type Phase = "PreSync" | "Sync" | "PostSync" | "SyncFail" | "PostDelete";

/** The hooks that Argo CD 3.2.11 knows, in their exact spelling; `PostDelete` counts only where it is the only one. */
export const argoHooks: readonly string[] = ["PreSync", "Sync", "PostSync", "SyncFail", "Skip", "PostDelete"];

/** gitops-engine, pkg/sync/hook/helm/type.go. Helm's other hooks are not in it. */
export const helmPhases: Readonly<Record<string, Phase>> = {
  "pre-install": "PreSync",
  "pre-upgrade": "PreSync",
  "post-install": "PostSync",
  "post-upgrade": "PostSync",
};

/** The Helm hooks that Argo CD knows: `post-delete` counts only where it is the only one, and an object with `crd-install` is not a hook. */
export const helmHooks: readonly string[] = [...Object.keys(helmPhases), "post-delete", "crd-install"];

/** The Helm hooks (`test-failure` is from Helm 2) that only `helm test` runs. Argo CD never runs them. */
export const helmTests: readonly string[] = ["test", "test-success", "test-failure"];

/** The Helm hooks that Argo CD runs in no phase. */
export const helmOnlyHooks: readonly string[] = ["pre-delete", "pre-rollback", "post-rollback"];
