import * as kind from "@pulumi/kind";
import * as pulumi from "@pulumi/pulumi";
import { LocalResource } from "../../dynamic/resource";
import type { KindSettings } from "../../settings/provider";
import { mountedCheckout } from "../../settings/repository";
import { ownedProvider, type ClusterHandle } from "../../cluster/handle";

/** The NodePort of argocd-server; the same in every cluster, because each node is its own host. */
export const argoCdNodePort = 30443;

/** A cluster in Docker with one node, the checkout mounted read-only and Argo CD's port on 127.0.0.1. */
export function kindCluster(stack: string, root: string, settings: KindSettings): ClusterHandle {
  const { clusterName: name, nodeImage, kubeconfigPath, port } = settings;
  const files = new LocalResource("KindFiles", "kind-files", { clusterName: name, stack }, []);
  const cluster = new kind.Cluster(
    "cluster",
    {
      name,
      nodeImage,
      waitForReady: true,
      kubeconfigPath,
      kindConfig: {
        kind: "Cluster",
        apiVersion: "kind.x-k8s.io/v1alpha4",
        nodes: [
          {
            role: "control-plane",
            extraMounts: [{ hostPath: root, containerPath: mountedCheckout, readOnly: true }],
            extraPortMappings: [{ containerPort: argoCdNodePort, hostPort: port, listenAddress: "127.0.0.1" }],
          },
        ],
      },
    },
    {
      additionalSecretOutputs: ["kubeconfig", "clientKey", "clientCertificate"],
      // Two clusters of one name cannot stand side by side.
      deleteBeforeReplace: true,
      dependsOn: files,
    },
  );
  const images = settings.loadImages.map(
    (image) =>
      new kind.Load(
        `image-${image.replace(/[^a-zA-Z0-9]+/g, "-")}`,
        { image, clusterName: cluster.name },
        { deletedWith: cluster, dependsOn: cluster },
      ),
  );
  const kubeconfig = pulumi.secret(cluster.kubeconfig);
  return {
    kubeconfig,
    provider: ownedProvider(kubeconfig, cluster),
    server: cluster.endpoint,
    deletedWith: cluster,
    dependsOn: [cluster, ...images],
  };
}
