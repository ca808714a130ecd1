/**
 * Every version that the program pins, in one place. Renovate moves them; "proved by" says what shows that a pin exists.
 */

/** The official Argo CD chart (proved by `helm show chart`); the application version is the chart's own `appVersion`. */
export const argocdChart = {
  name: "argo-cd",
  repository: "https://argoproj.github.io/argo-helm",
  version: "10.10.2",
  appVersion: "v3.5.4",
} as const;

/**
 * kind node images by Kubernetes minor version, as published with kind v0.33.0. A tag can be pushed again, a digest
 * cannot, so only digests are used.
 */
export const kindNodeImages: Readonly<Record<string, string>> = {
  "1.35": "kindest/node:v1.35.8@sha256:07b2536e30b803ed61d1677a79df6115f798ce64c80f9e22f6ed45afd09323c0",
  "1.36": "kindest/node:v1.36.4@sha256:099e049362a1526b2db71494e1947aae99bd16290d7c895f2b7ea312e3cbfaed",
};

/** The Kubernetes minor version that the embedded toolchain builds (infra/providers/embedded/toolchain). */
export const embeddedKubernetes = "1.37";
