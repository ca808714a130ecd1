import { someOf } from "../../../terminal/table";
import { makesPods } from "../../../tree/kubernetes/pod-makers";
import type { At } from "../at";
import { nameClusters, sourceOf, type Manifest, type Rendered } from "../evaluation";
import type { Rule } from "../rule";

const enforced = "pod-security.kubernetes.io/enforce";

export const podSecurity: Rule = {
  id: "pod-security",
  needs: "manifests",
  async check(input, report) {
    const { rendered } = await input.evaluated.manifests();
    const levels = levelsOf(rendered);
    const found = new Map<string, Found>();
    for (const one of rendered) {
      for (const cluster of one.clusters) {
        const version = input.tree.clusters.get(cluster)?.kubernetesVersion;
        for (const manifest of one.manifests.filter(makesPods)) {
          const namespace = manifest.namespace ?? one.expanded.application.spec.destination.namespace ?? "";
          const level = levels.get(`${cluster}/${namespace}`);
          if (version === undefined || level === undefined || level === "privileged") continue;
          const reason = await input.evaluated.podRefusal({ level, version }, manifest);
          if (reason === undefined) continue;
          const at = sourceOf(input.files, one, manifest.source);
          const key = JSON.stringify([one.application, at, namespace, level, reason]);
          const same = found.get(key) ?? { at, one, namespace, level, reason, made: new Set(), clusters: new Set() };
          same.made.add(`${manifest.kind} ${manifest.name}`);
          same.clusters.add(cluster);
          found.set(key, same);
        }
      }
    }
    for (const { at, one, namespace, level, reason, made, clusters } of found.values()) {
      const message = `the namespace ${namespace} (${level}) refuses the pods of ${someOf([...made])} of ${one.application} in ${nameClusters([...clusters])}: ${reason}`;
      const fix = `set the security context in the values of ${one.application}, or give the namespace another level where it is made`;
      report.finding(at, message, fix);
    }
  },
};

interface Found {
  at: At;
  one: Rendered;
  namespace: string;
  level: string;
  reason: string;
  made: Set<string>;
  clusters: Set<string>;
}

/** The level that each namespace of the tree enforces, by `cluster/namespace`; a namespace without one admits every pod. */
function levelsOf(rendered: readonly Rendered[]): Map<string, string> {
  const levels = new Map<string, string>();
  for (const { clusters, manifests } of rendered) {
    for (const { name, object } of manifests.filter(isNamespace)) {
      const level = object.metadata?.labels?.[enforced];
      if (level !== undefined) for (const cluster of clusters) levels.set(`${cluster}/${name}`, level);
    }
  }
  return levels;
}

function isNamespace({ apiVersion, kind }: Manifest): boolean {
  return apiVersion === "v1" && kind === "Namespace";
}
