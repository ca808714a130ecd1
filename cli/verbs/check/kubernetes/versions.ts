import { clusterFile } from "../../../../model/identity";
import type { CheckInput } from "../input";
import { isMissing, type Missing } from "../missing";
import type { Manifest, Rendered } from "../evaluation";
import type { Report } from "../rule";
import type { At } from "../at";
import type { KubernetesApi } from "./api";

/** One manifest with the API of the clusters that get it. */
export interface Versioned {
  api: KubernetesApi;
  one: Rendered;
  manifest: Manifest;
  /** The clusters with this version. */
  clusters: string[];
}

/**
 * Every manifest once for each Kubernetes version that it is deployed to. A version whose API is missing is reported as not
 * evaluated.
 */
export async function versionedManifests(input: CheckInput, report: Report): Promise<Versioned[]> {
  const { rendered } = await input.evaluated.manifests();
  const apis = new Map<string, KubernetesApi | Missing>();
  const found = new Map<string, Versioned>();
  for (const one of rendered) {
    for (const [version, clusters] of byVersion(input, one.clusters)) {
      const api = apis.get(version) ?? (await input.kubernetes(version));
      if (isMissing(api) && !apis.has(version)) report.notEvaluated(clusterAt(input, version), api.missing, api.fix);
      apis.set(version, api);
      for (const manifest of isMissing(api) ? [] : one.manifests) {
        const key = `${version} ${manifest.id} ${one.application}`;
        const known = found.get(key);
        if (known) known.clusters.push(...clusters);
        else found.set(key, { api: api as KubernetesApi, one, manifest, clusters: [...clusters] });
      }
    }
  }
  return [...found.values()];
}

function byVersion({ tree }: CheckInput, clusters: readonly string[]): Map<string, string[]> {
  const versions = new Map<string, string[]>();
  for (const name of clusters) {
    const version = tree.clusters.get(name)?.kubernetesVersion;
    if (version !== undefined) versions.set(version, [...(versions.get(version) ?? []), name]);
  }
  return versions;
}

function clusterAt({ tree }: CheckInput, version: string): At {
  const cluster = [...tree.clusters.values()].find(({ kubernetesVersion }) => kubernetesVersion === version)!;
  return { file: clusterFile(cluster.name) };
}
