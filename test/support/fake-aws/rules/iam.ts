import type { Thing } from "../ledger";
import { account, AwsError, type Rules, type Scene } from "../rule";
import { types } from "../types";
import { textAt } from "../values";
import { rolesOf } from "./auto-mode";

/** Roles, keys and logs. */
export const iamRules: Rules = {
  [types.role]: {
    id: (inputs) => textAt(inputs, "name"),
    name: "name",
    replace: ["name"],
    outputs: (_, id) => ({ arn: `arn:aws:iam::${account}:role/${id}` }),
    check({ name, assumeRolePolicy }) {
      if (String(name).length > 64) throw new AwsError(`ValidationError: the name ${String(name)} is longer than 64`);
      JSON.parse(String(assumeRolePolicy));
    },
    deleting(role, scene) {
      const { ledger } = scene;
      const own = [...ledger.all(types.attachment), ...ledger.all(types.rolePolicy)].find(
        ({ inputs }) => inputs.role === role.id,
      );
      if (own) throw new AwsError(`DeleteConflict: ${role.id} still has ${own.id}`);
      for (const user of usersOf(role, scene)) ledger.careless(`role ${role.id} deleted while ${user.id} uses it`);
    },
  },
  [types.rolePolicy]: {
    id: (inputs) => `${textAt(inputs, "role")}:${textAt(inputs, "name")}`,
    name: "name",
    replace: ["role", "name"],
    references: [{ field: "role", type: types.role }],
    check: ({ policy }) => void JSON.parse(String(policy)),
    deleting: noteLostPolicy,
  },
  [types.attachment]: {
    id: (inputs) => `${textAt(inputs, "role")}/${textAt(inputs, "policyArn")}`,
    replace: ["role", "policyArn"],
    references: [{ field: "role", type: types.role }],
    deleting: noteLostPolicy,
  },
  [types.key]: {
    id: (_, { fresh }) => `${fresh.slice(0, 8)}-0000-4000-8000-${fresh}`,
    replace: ["keyUsage", "customerMasterKeySpec", "multiRegion"],
    outputs: (_, id, { region }) => ({ keyId: id, arn: `arn:aws:kms:${region}:${account}:key/${id}` }),
    check: ({ policy }) => void JSON.parse(String(policy)),
    deleting(key, { ledger }) {
      const user = ledger
        .all(types.cluster)
        .find(({ inputs }) => textAt(inputs, "encryptionConfig.provider.keyArn") === key.outputs.arn);
      if (user) ledger.careless(`key ${key.id} deleted while cluster ${user.id} is encrypted with it`);
    },
  },
  [types.logs]: {
    id: (inputs) => textAt(inputs, "name"),
    name: "name",
    replace: ["name"],
    outputs: (_, id, { region }) => ({ arn: `arn:aws:logs:${region}:${account}:log-group:${id}` }),
    deleted({ id }, scene) {
      const cluster = scene.ledger.all(types.cluster).find((thing) => id === logsOf(thing.id));
      if (cluster) writeLogs(cluster, scene);
    },
  },
};

function logsOf(cluster: string): string {
  return `/aws/eks/${cluster}/cluster`;
}

/** EKS makes the log group of a cluster itself where it is not there, and leaves it behind. */
export function writeLogs({ id, inputs, region }: Thing, { ledger }: Scene): void {
  const name = logsOf(id);
  const isLogging = Array.isArray(inputs.enabledClusterLogTypes) && inputs.enabledClusterLogTypes.length > 0;
  if (!isLogging || ledger.find(types.logs, name)) return;
  ledger.put({ type: types.logs, id: name, region, inputs: { name }, outputs: {}, madeBy: "eks" });
}

/** Names of the policies of AWS that a role has. */
export function policiesOf(roleArn: string, { ledger }: Scene): string[] {
  const role = roleArn.split("/").at(-1);
  return ledger
    .all(types.attachment)
    .filter(({ inputs }) => inputs.role === role)
    .map(({ inputs }) => String(inputs.policyArn).split("/").at(-1)!);
}

function usersOf(role: Thing, { ledger }: Scene): Thing[] {
  const all = [...ledger.all(types.cluster), ...ledger.all(types.nodeGroup)];
  return all.filter(({ inputs }) => rolesOf(inputs).includes(String(role.outputs.arn)));
}

function noteLostPolicy({ id, inputs }: Thing, scene: Scene): void {
  const role = scene.ledger.find(types.role, textAt(inputs, "role"));
  for (const user of role ? usersOf(role, scene) : []) scene.ledger.careless(`${id} deleted while ${user.id} needs it`);
}
