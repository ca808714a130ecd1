import * as pulumi from "@pulumi/pulumi";
import { EmbeddedControlPlane } from "./resources";
import type { EmbeddedSettings } from "../../settings/provider";
import { ownedProvider, type ClusterHandle } from "../../cluster/handle";

/** A control plane of local processes; see infra/providers/embedded. */
export function embeddedCluster(stack: string, settings: EmbeddedSettings): ClusterHandle {
  const controlPlane = new EmbeddedControlPlane("control-plane", {
    name: stack,
    kubernetesVersion: settings.kubernetesVersion,
  });
  const kubeconfig = pulumi.secret(controlPlane.kubeconfig);
  return {
    kubeconfig,
    provider: ownedProvider(kubeconfig, controlPlane),
    server: controlPlane.server,
    deletedWith: controlPlane,
    dependsOn: [controlPlane],
  };
}
