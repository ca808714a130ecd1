import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { clusterFingerprint } from "./kubeconfig";

/** A cluster as the rest of the program sees it, wherever it comes from. */
export interface ClusterHandle {
  /** Administrator's kubeconfig; secret. */
  kubeconfig: pulumi.Output<string>;
  /** The only provider that anything inside the cluster may use. */
  provider: k8s.Provider;
  /** Address of the API server. */
  server: pulumi.Output<string>;
  /** The resource whose deletion takes everything inside the cluster along; absent when we do not own the cluster. */
  deletedWith?: pulumi.Resource;
  /** What must be there before anything is put into the cluster. */
  dependsOn: pulumi.Resource[];
}

/** Options of everything inside the cluster: its provider, and gone when the cluster is gone. */
export function insideOptions(cluster: ClusterHandle, dependsOn: pulumi.Resource[] = []): pulumi.CustomResourceOptions {
  return { ...besideOptions(cluster, dependsOn), provider: cluster.provider, transformations: [sameManager] };
}

/**
 * Names the manager of every field we apply. Pulumi's own name is another one for each creation: the object that a killed
 * run had made before it could write that down would refuse to be made again.
 */
const sameManager: pulumi.ResourceTransformation = ({ type, props, opts }) => {
  if (!type.startsWith("kubernetes:") || type.startsWith("kubernetes:helm.sh/")) return undefined;
  const { metadata = {}, ...rest } = props as { metadata?: { annotations?: Record<string, string> } };
  const annotations = { ...metadata.annotations, "pulumi.com/patchFieldManager": "onebranch" };
  return { props: { ...rest, metadata: { ...metadata, annotations } }, opts };
};

/** Options of our own resources, which reach the cluster by kubeconfig instead of by the Kubernetes provider. */
export function besideOptions(cluster: ClusterHandle, dependsOn: pulumi.Resource[] = []): pulumi.CustomResourceOptions {
  return {
    dependsOn: [...cluster.dependsOn, ...dependsOn],
    ...(cluster.deletedWith ? { deletedWith: cluster.deletedWith } : {}),
  };
}

/**
 * The Kubernetes provider of a cluster that we make. Its identifier follows the cluster's certificate authority: a cluster
 * made again under the same name gets everything again.
 */
export function ownedProvider(kubeconfig: pulumi.Output<string>, cluster: pulumi.Resource): k8s.Provider {
  const clusterIdentifier = pulumi.unsecret(kubeconfig).apply(clusterFingerprint);
  return new k8s.Provider(
    "kubernetes",
    {
      kubeconfig,
      clusterIdentifier,
      // What is inside lives and dies with the cluster; once that is gone, nothing is left to be deleted.
      deleteUnreachable: true,
      enableSecretMutable: true,
    },
    { deletedWith: cluster },
  );
}
