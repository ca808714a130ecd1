/** Every local resource: its kind, which is the last part of its type token, and the module (from here) that implements it. */
export const kinds = {
  EmbeddedControlPlane: "../providers/embedded/resources/control-plane.ts",
  EmbeddedArgoCd: "../providers/embedded/resources/argocd.ts",
  KindFiles: "../providers/kind/files.ts",
  IdentityProof: "../identity/proof-resource.ts",
  ReleaseGuard: "../argocd/release-guard.ts",
  Drain: "../drain/resource.ts",
} as const;

export type Kind = keyof typeof kinds;
