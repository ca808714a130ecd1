/** Charts of one product, which are published together under one version. */
export interface Family {
  name: string;
  /** By the name that pins use; the first one tells the version that the others must have. */
  charts: readonly [string, string, ...string[]];
}

/** What `mixed-versions` holds together, and Renovate raises in one change. */
export const families: readonly Family[] = [{ name: "istio", charts: ["istiod", "base", "cni", "ztunnel"] }];
