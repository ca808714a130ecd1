import { LaunchTemplate } from "@pulumi/aws/ec2/launchTemplate";
import { Addon } from "@pulumi/aws/eks/addon";
import type { Cluster } from "@pulumi/aws/eks/cluster";
import { getAddonVersionOutput } from "@pulumi/aws/eks/getAddonVersion";
import { NodeGroup } from "@pulumi/aws/eks/nodeGroup";
import type * as pulumi from "@pulumi/pulumi";
import type { Network } from "./network";
import { nodeTrust, podTrust } from "./policies";
import { makeRole, type MadeRole } from "./roles";
import type { Scope } from "./scope";
import type { NodeGroup as NodeGroupSettings } from "./settings";

const nodePolicies = {
  auto: ["AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"],
  "node-group": ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"],
} as const;

/** What instances may, to be nodes. */
export function nodeRole(scope: Scope): MadeRole {
  return makeRole(scope, "nodes", nodeTrust(), nodePolicies[scope.settings.compute.mode]);
}

/** A service account that the pods of an add-on of EKS have, and the role it takes on. */
interface AddonLogin {
  serviceAccount: string;
  made: MadeRole;
}

/** One managed node group, and the add-ons that Auto Mode would have built in. */
export function makeNodeGroup(
  scope: Scope,
  { instanceTypes, least, most }: NodeGroupSettings,
  network: Network,
  cluster: Cluster,
  nodes: MadeRole,
): pulumi.Resource[] {
  const { settings, kubernetesVersion, place, options, defaultTags, tags } = scope;
  const clusterName = cluster.name;
  const addon = (addonName: string, dependsOn: pulumi.Resource[], login?: AddonLogin) =>
    new Addon(
      `addon-${addonName}`,
      {
        clusterName,
        addonName,
        // AWS would leave it at the version that it was made with. Asked with a text, a preview has an answer too.
        addonVersion: getAddonVersionOutput({ addonName, kubernetesVersion }, options).version,
        resolveConflictsOnCreate: "OVERWRITE",
        resolveConflictsOnUpdate: "PRESERVE",
        ...(login && {
          podIdentityAssociations: [{ serviceAccount: login.serviceAccount, roleArn: login.made.role.arn }],
        }),
        tags: tags(`addon-${addonName}`),
      },
      { ...options, dependsOn: [...dependsOn, ...(login?.made.attached ?? [])] },
    );

  const routing = makeRole(scope, "vpc-cni", podTrust(place), ["AmazonEKS_CNI_Policy"]);
  // Nodes do not become ready without these.
  const before = [
    addon("vpc-cni", [], { serviceAccount: "aws-node", made: routing }),
    addon("kube-proxy", []),
    addon("eks-pod-identity-agent", []),
  ];
  const template = new LaunchTemplate(
    "nodes",
    {
      namePrefix: `${settings.clusterName}-`,
      // One hop: pods do not reach the metadata of their node, and so not its role.
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeSize: 50, volumeType: "gp3", encrypted: "true" } }],
      // What AWS makes of the template, which has none of the provider's tags, and is most of what a cluster costs.
      tagSpecifications: ["instance", "volume"].map((resourceType) => ({
        resourceType,
        tags: { ...defaultTags, ...tags("nodes") },
      })),
      tags: tags("nodes"),
    },
    options,
  );
  const group = new NodeGroup(
    "nodes",
    {
      clusterName,
      // A prefix, so that new nodes stand before the old ones go.
      nodeGroupNamePrefix: "default-",
      // AWS would leave nodes at the Kubernetes that they were made with.
      version: cluster.version,
      nodeRoleArn: nodes.role.arn,
      subnetIds: network.subnets,
      amiType: "AL2023_x86_64_STANDARD",
      capacityType: "ON_DEMAND",
      instanceTypes: [...instanceTypes],
      launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
      scalingConfig: { minSize: least, desiredSize: least, maxSize: most },
      updateConfig: { maxUnavailablePercentage: 33 },
      nodeRepairConfig: { enabled: true },
      tags: tags("nodes"),
    },
    {
      ...options,
      // An autoscaler may have changed it.
      ignoreChanges: ["scalingConfig.desiredSize"],
      dependsOn: [...nodes.attached, ...before, ...network.wayOut],
    },
  );
  const volumes = makeRole(scope, "ebs-csi", podTrust(place), ["service-role/AmazonEBSCSIDriverPolicy"]);
  // Without a node they would never become ready.
  const after = [
    addon("coredns", [group]),
    addon("aws-ebs-csi-driver", [group], { serviceAccount: "ebs-csi-controller-sa", made: volumes }),
  ];
  return [...before, group, ...after];
}
