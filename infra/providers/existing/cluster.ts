import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ExistingSettings } from "../../settings/provider";
import type { ClusterHandle } from "../../cluster/handle";
import { serverOf } from "../../cluster/kubeconfig";

/**
 * Somebody else's cluster, by kubeconfig and context. Its address is its identifier: certificates may be renewed without
 * anything having to be made again.
 */
export function existingCluster(settings: ExistingSettings): ClusterHandle {
  const kubeconfig = pulumi.secret(settings.kubeconfig);
  const server = serverOf(settings.kubeconfig);
  const provider = new k8s.Provider("kubernetes", { kubeconfig, clusterIdentifier: server, enableSecretMutable: true });
  return { kubeconfig, provider, server: pulumi.output(server), dependsOn: [] };
}
