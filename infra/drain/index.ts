import type * as pulumi from "@pulumi/pulumi";
import type { ClusterHandle } from "../cluster/handle";
import { LocalResource } from "../dynamic/resource";
import { providerOf } from "../providers";
import type { Settings } from "../settings/settings";

/**
 * On a cluster that stays, what Argo CD made has to go before Argo CD does. `pulumi destroy` does not run the program, so
 * this is a resource: made last, deleted first. Nothing is needed where the whole cluster is deleted.
 */
export function drainBeforeDestroy(settings: Settings, cluster: ClusterHandle, after: pulumi.Resource[]): void {
  if (!providerOf(settings).drains) return;
  new LocalResource(
    "Drain",
    "drain",
    {
      ...{ kubeconfig: cluster.kubeconfig, cluster: settings.stack, seconds: settings.drainSeconds },
      ...(cluster.deletedWith && { whole: true }),
    },
    [],
    // Never `deletedWith` the cluster: what it owns outside would outlive it.
    { dependsOn: [...cluster.dependsOn, ...after] },
  );
}
