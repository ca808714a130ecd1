import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { appliedAnnotations } from "../../model/root";
import { clusterFingerprint } from "../../model/kubeconfig";

/** A cluster as the rest of the program sees it, wherever it comes from. */
export interface ClusterHandle {
  /** Administrator's kubeconfig; secret. */
  kubeconfig: pulumi.Output<string>;
  /** The only provider that anything inside the cluster may use. */
  provider: k8s.Provider;
  /** Address of the API server. */
  server: pulumi.Output<string>;
  /** The resource whose deletion also deletes everything inside the cluster; absent when we do not own the cluster. */
  deletedWith?: pulumi.Resource;
  /** What must be there before anything is put into the cluster. */
  dependsOn: pulumi.Resource[];
}

/** Options of everything inside the cluster: its provider, and gone when the cluster is gone. */
export function insideOptions(cluster: ClusterHandle, dependsOn: pulumi.Resource[] = []): pulumi.CustomResourceOptions {
  return { ...besideOptions(cluster, dependsOn), provider: cluster.provider, transformations: [sameManager] };
}

/**
 * Names the manager of every field that we apply. Pulumi's own name differs for each creation. So an object that a killed run had
 * made, but not recorded, could not be created again. Fields that somebody else wrote are taken over: the objects are ours alone.
 */
const sameManager: pulumi.ResourceTransformation = ({ type, props, opts }) => {
  if (!type.startsWith("kubernetes:") || type.startsWith("kubernetes:helm.sh/")) return undefined;
  const { metadata = {}, ...rest } = props as { metadata?: { annotations?: Record<string, string> } };
  const annotations = { ...metadata.annotations, ...appliedAnnotations };
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
 * The Kubernetes provider of a cluster that we make. Its identifier follows the cluster's certificate authority, so everything is
 * created again in a cluster that was recreated under the same name.
 */
export function ownedProvider(kubeconfig: pulumi.Output<string>, cluster: pulumi.Resource): k8s.Provider {
  const clusterIdentifier = pulumi.unsecret(kubeconfig).apply(clusterFingerprint);
  return new k8s.Provider(
    "kubernetes",
    {
      kubeconfig,
      clusterIdentifier,
      // Everything inside is gone together with the cluster, so nothing is left to be deleted.
      deleteUnreachable: true,
      enableSecretMutable: true,
    },
    { deletedWith: cluster },
  );
}
