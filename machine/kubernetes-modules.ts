/** The release whose API represents a minor version: the Go modules k8s.io/kubernetes v1.x.y and k8s.io/api v0.x.y. */
export const kubernetesReleases: Readonly<Record<string, string>> = { "1.35": "35.4", "1.36": "36.1" };

/** The Go modules that the API of a release is read from. */
export function kubernetesModules(release: string): { kubernetes: string; types: string } {
  return { kubernetes: `k8s.io/kubernetes@v1.${release}`, types: `k8s.io/api@v0.${release}` };
}
