import { isMissing, type CheckInput, type Missing } from "../input";
import type { Manifest, Rendered } from "../evaluation";
import type { At, Report } from "../rule";
import type { KubernetesApi } from "./api";

/** One manifest under the API of the clusters that get it. */
export interface Versioned {
  api: KubernetesApi;
  one: Rendered;
  manifest: Manifest;
}

/**
 * Every manifest once for each Kubernetes version that it is for. A version whose API is not at hand is reported as not
 * evaluated.
 */
export async function versionedManifests(input: CheckInput, report: Report): Promise<Versioned[]> {
  const { rendered } = await input.evaluated.manifests();
  const apis = new Map<string, KubernetesApi | Missing>();
  const found: Versioned[] = [];
  const seen = new Set<string>();
  for (const one of rendered) {
    const versions = new Set(one.clusters.flatMap((name) => input.tree.clusters.get(name)?.kubernetesVersion ?? []));
    for (const version of versions) {
      const api = apis.get(version) ?? (await input.kubernetes(version));
      if (isMissing(api) && !apis.has(version)) report.notEvaluated(clusterAt(input, version), api.missing, api.fix);
      apis.set(version, api);
      if (isMissing(api)) continue;
      for (const manifest of one.manifests) {
        const key = `${version} ${manifest.id} ${one.application}`;
        if (!seen.has(key)) found.push({ api, one, manifest });
        seen.add(key);
      }
    }
  }
  return found;
}

function clusterAt({ tree }: CheckInput, version: string): At {
  const cluster = [...tree.clusters.values()].find(({ kubernetesVersion }) => kubernetesVersion === version);
  return { file: `gitops/clusters/${cluster?.name}/cluster.yaml` };
}
