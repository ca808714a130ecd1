import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup";
import { AccessEntry } from "@pulumi/aws/eks/accessEntry";
import { AccessPolicyAssociation } from "@pulumi/aws/eks/accessPolicyAssociation";
import { Cluster } from "@pulumi/aws/eks/cluster";
import { Key } from "@pulumi/aws/kms/key";
import type * as pulumi from "@pulumi/pulumi";
import type { Network } from "./network";
import { clusterKey, clusterTrust } from "./policies";
import { makeRole, type MadeRole } from "./roles";
import type { Scope } from "./scope";

const controlPolicies = {
  "node-group": ["AmazonEKSClusterPolicy"],
  auto: [
    "AmazonEKSClusterPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
  ],
} as const;

/**
 * The control plane. None of what stands on it is `deletedWith` it: when AWS refuses to delete it, Pulumi would have forgotten
 * what AWS still has.
 */
export function makeControlPlane(scope: Scope, network: Network, nodes: MadeRole): Cluster {
  const { settings, kubernetesVersion, place, options, tags, checked } = scope;
  const { clusterName: name, publicCidrs, compute, isProtected } = settings;
  const auto = compute.mode === "auto";
  const control = makeRole(scope, "cluster", clusterTrust(), controlPolicies[compute.mode]);
  const key = new Key(
    "secrets",
    {
      description: checked(`Secrets of ${name}`),
      policy: JSON.stringify(clusterKey(place)),
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      tags: tags("secrets"),
    },
    options,
  );
  // EKS makes it itself where it is missing, without an end to what is kept.
  const logs = new LogGroup(
    "logs",
    { name: checked(`/aws/eks/${name}/cluster`), retentionInDays: settings.logDays, tags: tags("logs") },
    options,
  );
  return new Cluster(
    "cluster",
    {
      name,
      roleArn: control.role.arn,
      version: kubernetesVersion,
      // Who may log in is said by access entries alone; whoever makes the cluster is not an administrator by that.
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
      // A later change of it would replace the cluster, so it is the same with and without Auto Mode.
      bootstrapSelfManagedAddons: false,
      computeConfig: auto
        ? { enabled: true, nodePools: ["general-purpose", "system"], nodeRoleArn: nodes.role.arn }
        : { enabled: false },
      kubernetesNetworkConfig: { ipFamily: "ipv4", elasticLoadBalancing: { enabled: auto } },
      storageConfig: { blockStorage: { enabled: auto } },
      vpcConfig: {
        subnetIds: network.subnets,
        endpointPrivateAccess: true,
        endpointPublicAccess: publicCidrs.length > 0,
        ...(publicCidrs.length > 0 && { publicAccessCidrs: [...publicCidrs] }),
      },
      encryptionConfig: { provider: { keyArn: key.arn }, resources: ["secrets"] },
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      upgradePolicy: { supportType: "STANDARD" },
      zonalShiftConfig: { enabled: true },
      deletionProtection: isProtected,
      tags: tags("cluster"),
    },
    { ...options, dependsOn: [...control.attached, ...nodes.attached, logs, ...network.wayOut] },
  );
}

/** The administrators. They are there before anything is put into the cluster, and until it is out again. */
export function admitAdmins({ settings, options, tags }: Scope, cluster: Cluster): pulumi.Resource[] {
  return settings.admins.flatMap((principalArn) => {
    const name = `admin-${principalArn.split(/[:/]/).slice(5).join("-")}`;
    const clusterName = cluster.name;
    const entry = new AccessEntry(name, { clusterName, principalArn, type: "STANDARD", tags: tags(name) }, options);
    const association = new AccessPolicyAssociation(
      name,
      {
        clusterName,
        principalArn,
        policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        accessScope: { type: "cluster" },
      },
      { ...options, dependsOn: entry },
    );
    return [entry, association];
  });
}
