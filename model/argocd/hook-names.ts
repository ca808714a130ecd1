/** When Argo CD applies a hook. PostDelete hooks are made when their Application is deleted. */
export type Phase = "PreSync" | "Sync" | "PostSync" | "SyncFail" | "PostDelete";

/** The hooks that Argo CD 3.2.11 knows, as they are spelled; `PostDelete` counts only where it stands alone. */
export const argoHooks: readonly string[] = ["PreSync", "Sync", "PostSync", "SyncFail", "Skip", "PostDelete"];

/** gitops-engine, pkg/sync/hook/helm/type.go. Helm's others are not in it. */
export const helmPhases: Readonly<Record<string, Phase>> = {
  "pre-install": "PreSync",
  "pre-upgrade": "PreSync",
  "post-install": "PostSync",
  "post-upgrade": "PostSync",
};

/** The hooks of Helm that Argo CD knows: `post-delete` counts only where it stands alone, and `crd-install` makes no hook. */
export const helmHooks: readonly string[] = [...Object.keys(helmPhases), "post-delete", "crd-install"];

/** The hooks of Helm, `test-failure` of Helm 2, that run when somebody asks for tests, which nobody does in Argo CD. */
export const helmTests: readonly string[] = ["test", "test-success", "test-failure"];

/** The hooks of Helm that no phase of Argo CD runs. */
export const helmOnlyHooks: readonly string[] = ["pre-delete", "pre-rollback", "post-rollback"];
