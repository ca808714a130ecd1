import type { Release } from "../argocd/helm-records";
import { found, listed, mergePatch, type ClusterApi, type KubeObject } from "../cluster/api";

/** Argo CD reads these, or completes them with the administrator's password, only when its processes start. */
const readAtStart: ReadonlySet<string> = new Set(["argocd-cmd-params-cm", "argocd-redis", "argocd-secret"]);

/**
 * Starts the pods of Argo CD again, as `kubectl rollout restart` does, when something was restored that they read only at their
 * start.
 */
export async function restartPods(api: ClusterApi, release: Release, restored: readonly KubeObject[]): Promise<void> {
  if (!restored.some(({ metadata }) => readAtStart.has(metadata?.name ?? ""))) return;
  const selector = encodeURIComponent(`app.kubernetes.io/instance=${release.name}`);
  const annotations = { "kubectl.kubernetes.io/restartedAt": new Date().toISOString() };
  const body = { spec: { template: { metadata: { annotations } } } };
  for (const plural of ["deployments", "statefulsets"]) {
    const path = `/apis/apps/v1/namespaces/${release.namespace}/${plural}`;
    const workloads = await listed(api, `${path}?labelSelector=${selector}`);
    await Promise.all(
      workloads.map(({ metadata }) => {
        return found(api.request("PATCH", `${path}/${metadata?.name}`, mergePatch(body)));
      }),
    );
  }
}
