import { account, AwsError, caller, type Rules } from "../rule";
import { types } from "../types";
import { textAt, textsAt, valueAt } from "../values";
import { usesAutoMode } from "./auto-mode";
import { checkCluster, checkUpgrade } from "./eks";
import { policiesOf, writeLogs } from "./iam";

/** What stands for the control plane of a cluster. */
export interface ControlPlanes {
  start(name: string): Promise<{ endpoint: string; authority: string }>;
  stop(name: string): Promise<void>;
}

/** Control planes that nobody asks anything. */
const paper: ControlPlanes = {
  start: (name) =>
    Promise.resolve({
      endpoint: `https://${name}.gr7.example`,
      authority: Buffer.from(`authority of ${name}`).toString("base64"),
    }),
  stop: () => Promise.resolve(),
};

const autoPolicies = ["Compute", "BlockStorage", "LoadBalancing", "Networking"].map((what) => `AmazonEKS${what}Policy`);

/** Clusters, as EKS treats them. */
export function clusterRules(planes: ControlPlanes = paper): Rules {
  return {
    [types.cluster]: {
      id: (inputs) => textAt(inputs, "name"),
      name: "name",
      replace: [
        ...["name", "roleArn", "encryptionConfig", "bootstrapSelfManagedAddons", "kubernetesNetworkConfig.ipFamily"],
        "accessConfig.bootstrapClusterCreatorAdminPermissions",
      ],
      references: [
        { field: "roleArn", type: types.role, by: "arn" },
        { field: "computeConfig.nodeRoleArn", type: types.role, by: "arn" },
        { field: "vpcConfig.subnetIds", type: types.subnet, hold: "refuse" },
        { field: "encryptionConfig.provider.keyArn", type: types.key, by: "arn" },
      ],
      check(inputs, scene) {
        checkCluster(inputs, scene);
        const had = policiesOf(textAt(inputs, "roleArn"), scene);
        for (const policy of ["AmazonEKSClusterPolicy", ...(usesAutoMode(inputs) ? autoPolicies : [])]) {
          if (!had.includes(policy)) scene.ledger.careless(`a cluster made before its role has ${policy}`);
        }
      },
      changing: ({ inputs: old }, next) => checkUpgrade(old, next),
      outputs: (_, id, { region, fresh }) => ({
        arn: `arn:aws:eks:${region}:${account}:cluster/${id}`,
        status: "ACTIVE",
        endpoint: "",
        certificateAuthority: { data: "" },
        vpcConfig: { clusterSecurityGroupId: `sg-c${fresh}` },
      }),
      async created(cluster, scene) {
        const { ledger, fresh } = scene;
        const { id, inputs, region } = cluster;
        const { endpoint, authority } = await planes.start(id);
        Object.assign(cluster.outputs, { endpoint, certificateAuthority: { data: authority } });
        const made = { region, outputs: {}, madeBy: id };
        const subnets = textsAt(inputs, "vpcConfig.subnetIds");
        const vpcId = ledger.find(types.subnet, subnets[0]!)?.inputs.vpcId;
        ledger.put({ ...made, type: types.clusterGroup, id: `sg-c${fresh}`, inputs: { vpcId } });
        for (const subnetId of subnets) {
          ledger.put({ ...made, type: types.interface, id: `eni-${fresh}-${subnetId}`, inputs: { subnetId } });
        }
        if (valueAt(inputs, "accessConfig.bootstrapClusterCreatorAdminPermissions") !== false) {
          const entry = { clusterName: id, principalArn: caller };
          ledger.put({ ...made, type: types.entry, id: `${id}:${caller}`, inputs: entry });
        }
        writeLogs(cluster, scene);
      },
      deleting({ id, inputs }, { ledger }) {
        if (inputs.deletionProtection === true) {
          throw new AwsError(`InvalidRequestException: ${id} has deletion protection enabled`);
        }
        for (const balancer of ledger.all(types.balancer).filter(({ madeBy }) => madeBy === id)) {
          ledger.careless(`cluster ${id} deleted while its load balancer ${balancer.id} is there`);
        }
      },
      async deleted({ id }, { ledger }) {
        await planes.stop(id);
        const inside: readonly string[] = [types.entry, types.admission, types.podIdentity, types.addon];
        const around: readonly string[] = [types.clusterGroup, types.interface];
        ledger.removeWhere(
          ({ type, inputs, madeBy }) =>
            (inside.includes(type) && inputs.clusterName === id) || (around.includes(type) && madeBy === id),
        );
      },
    },
  };
}
