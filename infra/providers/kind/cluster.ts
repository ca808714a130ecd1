import * as kind from "@pulumi/kind";
import * as pulumi from "@pulumi/pulumi";
import type { ArgoCdHandle, ArgoCdRequest } from "../../argocd/handle";
import { installRelease } from "../../argocd/release";
import { ownedProvider, type ClusterHandle } from "../../cluster/handle";
import { LocalResource } from "../../dynamic/resource";
import type { Settings } from "../../settings/settings";
import { mountedCheckout } from "./mount";
import type { KindSettings } from "./settings";

/** The NodePort of argocd-server; the same in every cluster, because each node is its own host. */
const argoCdNodePort = 30443;

class KindFiles extends LocalResource {
  declare readonly generation: pulumi.Output<string | undefined>;

  constructor(name: string, args: { clusterName: string; stack: string }) {
    super("KindFiles", name, args, ["generation"]);
  }
}

/** A cluster in Docker with one node, the checkout mounted read-only and Argo CD's port on 127.0.0.1. */
export function makeCluster({ stack, root, provider: settings }: Settings<KindSettings>): ClusterHandle {
  const { clusterName: name, nodeImage, kubeconfigPath, port } = settings;
  const files = new KindFiles("kind-files", { clusterName: name, stack });
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
      // Two clusters cannot have the same name at the same time.
      deleteBeforeReplace: true,
      dependsOn: files,
      // Containers that are gone do not come back; what was in the cluster is made again with it. Pulumi compares texts only.
      replacementTrigger: files.generation.apply((generation) => generation ?? "first"),
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

/** The official chart, which reads the mounted checkout and answers on the mapped port. */
export function installArgoCd(request: ArgoCdRequest<KindSettings>): ArgoCdHandle {
  return installRelease(request, {
    placement: { nodePort: argoCdNodePort, checkout: mountedCheckout, oneNode: true },
    url: `https://127.0.0.1:${request.settings.provider.port}`,
    access: "published",
  });
}
