import { EmbeddedControlPlane } from "../embedded/resources";
import type { EmbeddedSettings } from "../settings-provider";
import { ownedProvider, type ClusterHandle } from "./handle";

/** A control plane of local processes; see infra/embedded. */
export function embeddedCluster(stack: string, settings: EmbeddedSettings): ClusterHandle {
  const controlPlane = new EmbeddedControlPlane("control-plane", {
    name: stack,
    kubernetesVersion: settings.kubernetesVersion,
  });
  return {
    kubeconfig: controlPlane.kubeconfig,
    provider: ownedProvider(controlPlane.kubeconfig, controlPlane),
    server: controlPlane.server,
    deletedWith: controlPlane,
    dependsOn: [controlPlane],
  };
}
