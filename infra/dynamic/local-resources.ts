import { allProviders } from "../providers";
import type { LocalResources } from "./implementation";

/** Every local resource: those that a provider has in its room, and those of every cluster. */
export const localResources: LocalResources = {
  ...(Object.assign({}, ...allProviders.map((provider) => provider.localResources)) as LocalResources),
  IdentityProof: () => require("../identity/proof-resource") as typeof import("../identity/proof-resource"),
  Monitoring: () => require("../argocd/monitoring-resource") as typeof import("../argocd/monitoring-resource"),
  ReleaseGuard: () => require("../argocd/release-guard") as typeof import("../argocd/release-guard"),
  Restoration: () => require("../restoration/resource") as typeof import("../restoration/resource"),
  Drain: () => require("../drain/resource") as typeof import("../drain/resource"),
};
