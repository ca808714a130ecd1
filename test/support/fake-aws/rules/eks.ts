import { account, AwsError, random, type Reference, type Rules, type Scene } from "../rule";
import { types } from "../types";
import { textAt, textsAt, valueAt, type Properties } from "../values";
import { autoModeSwitches, usesAutoMode } from "./auto-mode";
import { policiesOf } from "./iam";
import { reachesOut } from "./network";

const inCluster: Reference = { field: "clusterName", type: types.cluster, by: "name" };
const withRole = (field: string): Reference => ({ field, type: types.role, by: "arn" });

/** What is in a cluster, as EKS treats it. */
export const eksRules: Rules = {
  [types.nodeGroup]: {
    id: (inputs) => `${textAt(inputs, "clusterName")}:${textAt(inputs, "nodeGroupName")}`,
    name: "nodeGroupName",
    replace: ["clusterName", "nodeGroupName", "nodeRoleArn", "subnetIds", "instanceTypes", "amiType", "capacityType"],
    outputs: (_, id, { region, fresh }) => ({
      arn: `arn:aws:eks:${region}:${account}:nodegroup/${id.replace(":", "/")}/${fresh}`,
      status: "ACTIVE",
    }),
    references: [
      { ...inCluster, hold: "refuse", code: "ResourceInUseException" },
      withRole("nodeRoleArn"),
      { field: "subnetIds", type: types.subnet, hold: "refuse" },
      { field: "launchTemplate.id", type: types.template, hold: "careless" },
    ],
    check(inputs, scene) {
      const why = reasonNotToJoin(inputs, scene);
      if (why !== undefined) throw new AwsError(`NodeCreationFailure: instances failed to join (${why})`);
      refuseNewer(inputs, scene);
    },
    changing({ inputs: old }, next, scene) {
      checkUpgrade(old, next);
      refuseNewer(next, scene);
    },
  },
  [types.addon]: {
    id: (inputs) => `${textAt(inputs, "clusterName")}:${textAt(inputs, "addonName")}`,
    replace: ["clusterName", "addonName"],
    outputs: (_, id, { region }) => ({ arn: `arn:aws:eks:${region}:${account}:addon/${id.replace(":", "/")}` }),
    references: [inCluster, withRole("podIdentityAssociations.roleArn")],
    check(inputs, scene) {
      refuseNewer(inputs, scene);
      const { clusterName, addonName } = inputs;
      const { ledger } = scene;
      const cluster = ledger.find(types.cluster, String(clusterName));
      const hasNodes = ledger.all(types.nodeGroup).some((group) => group.inputs.clusterName === clusterName);
      const needsNodes = ["coredns", "aws-ebs-csi-driver"].includes(String(addonName));
      if (needsNodes && !hasNodes && !usesAutoMode(cluster?.inputs ?? {})) {
        throw new AwsError(`waiting for EKS add-on ${String(addonName)}: timeout (last state: DEGRADED)`);
      }
    },
    changing: (_, next, scene) => refuseNewer(next, scene),
  },
  [types.entry]: {
    id: (inputs) => `${textAt(inputs, "clusterName")}:${textAt(inputs, "principalArn")}`,
    replace: ["clusterName", "principalArn", "type"],
    outputs: (_, id, { region }) => ({ accessEntryArn: `arn:aws:eks:${region}:${account}:access-entry/${id}` }),
    references: [inCluster],
    check({ clusterName }, { ledger }) {
      const mode = textAt(ledger.find(types.cluster, String(clusterName))?.inputs, "accessConfig.authenticationMode");
      if (!mode.includes("API")) throw new AwsError(`InvalidRequestException: ${mode} knows no access entries`);
    },
  },
  [types.admission]: {
    id: (inputs) => ["clusterName", "principalArn", "policyArn"].map((field) => textAt(inputs, field)).join("#"),
    replace: ["clusterName", "principalArn", "policyArn", "accessScope"],
    references: [inCluster],
    check(inputs, { ledger }) {
      const principal = textAt(inputs, "principalArn");
      if (ledger.find(types.entry, `${textAt(inputs, "clusterName")}:${principal}`)) return;
      throw new AwsError(`ResourceNotFoundException: no access entry for ${principal}`);
    },
  },
  [types.podIdentity]: {
    id: random("a"),
    replace: ["clusterName", "namespace", "serviceAccount"],
    outputs: (inputs, id, { region }) => ({
      associationId: id,
      associationArn: `arn:aws:eks:${region}:${account}:podidentityassociation/${textAt(inputs, "clusterName")}/${id}`,
    }),
    references: [inCluster, withRole("roleArn")],
    check(inputs, { ledger }) {
      const isSame = (other: Properties) =>
        ["clusterName", "namespace", "serviceAccount"].every((field) => other[field] === inputs[field]);
      if (ledger.all(types.podIdentity).some((other) => isSame(other.inputs))) {
        throw new AwsError("ResourceInUseException: the association already exists");
      }
      const role = ledger.find(types.role, textAt(inputs, "roleArn").split("/").at(-1)!);
      if (!textAt(role?.inputs, "assumeRolePolicy").includes("pods.eks.amazonaws.com")) {
        throw new AwsError("InvalidParameterException: pods.eks.amazonaws.com may not take on the role");
      }
    },
  },
};

function reasonNotToJoin(group: Properties, scene: Scene): string | undefined {
  const had = policiesOf(textAt(group, "nodeRoleArn"), scene);
  const needed = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"];
  const lacking = needed.find((policy) => !had.includes(policy));
  if (lacking !== undefined) return `their role has no ${lacking}`;
  const closed = textsAt(group, "subnetIds").find((subnet) => !reachesOut(subnet, scene));
  if (closed !== undefined) return `${closed} has no way out`;
  const hasCni = scene.ledger.find(types.addon, `${textAt(group, "clusterName")}:vpc-cni`) !== undefined;
  return hasCni ? undefined : "there is no CNI";
}

/** @throws AwsError when nodes or an add-on would be for a newer Kubernetes than their control plane has */
function refuseNewer({ clusterName, version, addonVersion = version }: Properties, { ledger }: Scene): void {
  const cluster = ledger.find(types.cluster, String(clusterName));
  if (!(minorOf(addonVersion) > minorOf(cluster?.inputs.version))) return;
  throw new AwsError(
    `InvalidParameterException: ${String(addonVersion)} in a cluster of ${String(cluster?.inputs.version)}`,
  );
}

/** The minor version in "1.35" or "v1.35.0-eksbuild.1"; not a number where there is none. */
function minorOf(version: unknown): number {
  return Number(String(version).split(".")[1]);
}

/** @throws AwsError when AWS would refuse to make a cluster */
export function checkCluster(inputs: Properties, { ledger }: Scene): void {
  const refuse = (why: string) => {
    throw new AwsError(`InvalidParameterException: ${why}`);
  };
  if (!/^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/.test(textAt(inputs, "name"))) refuse("the name of the cluster");
  const switches = autoModeSwitches.map((path) => valueAt(inputs, path) === true);
  if (new Set(switches).size > 1) refuse("compute, block storage and load balancing are enabled or disabled together");
  if (usesAutoMode(inputs) && inputs.bootstrapSelfManagedAddons !== false) {
    refuse("with Auto Mode bootstrapSelfManagedAddons must be false");
  }
  const subnets = textsAt(inputs, "vpcConfig.subnetIds");
  const zones = new Set(subnets.map((id) => ledger.find(types.subnet, id)?.inputs.availabilityZone));
  if (zones.size < 2) refuse("subnets of at least two zones are needed");
}

/** @throws AwsError when Kubernetes would go back, or forward by more than one minor version */
export function checkUpgrade(old: Properties, next: Properties): void {
  const [from, to] = [minorOf(old.version), minorOf(next.version)];
  if (to < from || to > from + 1) {
    throw new AwsError(
      `InvalidParameterException: unsupported update from ${String(old.version)} to ${String(next.version)}`,
    );
  }
}
