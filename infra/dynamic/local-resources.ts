/** Every local resource by its name, the last part of its type token; called, it loads the module that implements it. */
export const localResources = {
  EmbeddedControlPlane: () =>
    require("../providers/embedded/resources/control-plane") as typeof import("../providers/embedded/resources/control-plane"),
  EmbeddedArgoCd: () =>
    require("../providers/embedded/resources/argocd") as typeof import("../providers/embedded/resources/argocd"),
  KindFiles: () => require("../providers/kind/files") as typeof import("../providers/kind/files"),
  IdentityProof: () => require("../identity/proof-resource") as typeof import("../identity/proof-resource"),
  ReleaseGuard: () => require("../argocd/release-guard") as typeof import("../argocd/release-guard"),
  Drain: () => require("../drain/resource") as typeof import("../drain/resource"),
} as const;

export type LocalResourceName = keyof typeof localResources;
