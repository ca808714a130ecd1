import { crc32 } from "node:zlib";
import { nameOf, type StateResource } from "../../../model/deployment";
import { UserError } from "../../../model/errors";
import { isMapping, type Mapping } from "../../../model/mapping";
import type { KilledRun } from "../provider";
import { awsCommand, type AskAws, type AwsLogin } from "./ask-aws";
import { tagKeys } from "./names";

type Inputs = NonNullable<StateResource["inputs"]>;

const association = "aws:ec2/routeTableAssociation:RouteTableAssociation";
const nodeGroup = "aws:eks/nodeGroup:NodeGroup";

/** The ids of things whose inputs say them. */
const idOfInputs: Readonly<Record<string, (inputs: Inputs) => string>> = {
  "aws:cloudwatch/logGroup:LogGroup": ({ name }) => String(name),
  "aws:eks/accessEntry:AccessEntry": (inputs) => joined(inputs, ":", "clusterName", "principalArn"),
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": (inputs) =>
    joined(inputs, "#", "clusterName", "principalArn", "policyArn"),
  "aws:eks/addon:Addon": (inputs) => joined(inputs, ":", "clusterName", "addonName"),
  "aws:eks/cluster:Cluster": ({ name }) => String(name),
  "aws:iam/role:Role": ({ name }) => String(name),
  "aws:iam/rolePolicy:RolePolicy": (inputs) => joined(inputs, ":", "role", "name"),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": (inputs) => joined(inputs, "/", "role", "policyArn"),
  // As the provider makes it up: AWS has no ids of routes.
  "aws:ec2/route:Route": ({ routeTableId, destinationCidrBlock }) =>
    `r-${String(routeTableId)}${crc32(String(destinationCidrBlock))}`,
};

/** What a thing with an id at random is called in ARNs. */
const kindInArn: Readonly<Record<string, string>> = {
  "aws:ec2/eip:Eip": "ec2:elastic-ip",
  "aws:ec2/internetGateway:InternetGateway": "ec2:internet-gateway",
  "aws:ec2/launchTemplate:LaunchTemplate": "ec2:launch-template",
  "aws:ec2/natGateway:NatGateway": "ec2:natgateway",
  "aws:ec2/routeTable:RouteTable": "ec2:route-table",
  "aws:ec2/subnet:Subnet": "ec2:subnet",
  "aws:ec2/vpc:Vpc": "ec2:vpc",
  "aws:ec2/vpcEndpoint:VpcEndpoint": "ec2:vpc-endpoint",
  [nodeGroup]: "eks:nodegroup",
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": "eks:podidentityassociation",
  "aws:kms/key:Key": "kms:key",
};

/**
 * The things of AWS whose creation was cut off. AWS may have made them all the same: without an entry in the state, the next `up`
 * would meet their names, or make another network beside the one that nobody knows. Those that were not made drop out when
 * Pulumi reads them. What was made in the place of another takes it, and nodes that never came up are only there to be deleted.
 */
export async function findCutOff(
  { stack, pending, known }: KilledRun,
  command: (login: AwsLogin) => AskAws = awsCommand,
): Promise<StateResource[]> {
  const login = loginOf(known);
  if (login === undefined) return [];
  const ask = command(login);
  const found: StateResource[] = [];
  for (const resource of pending) {
    const { type, urn, inputs = {} } = resource;
    const there = known.filter((other) => other.urn === urn && other.pendingReplacement !== true).map(({ id }) => id);
    const id =
      idOfInputs[type]?.(inputs) ??
      (type === association ? await associated(ask, inputs) : await tagged(ask, stack, resource, there));
    if (id === undefined || there.includes(id)) continue;
    const isUseless = there.length > 0 && type === nodeGroup && !(await hasNodes(ask, id));
    found.push({ ...resource, id, outputs: inputs, ...(isUseless && { delete: true }) });
  }
  return found;
}

/** How the provider of the stack logged in. */
function loginOf(known: readonly StateResource[]): AwsLogin | undefined {
  const inputs = known.find(({ type }) => type === "pulumi:providers:aws")?.inputs;
  if (inputs === undefined) return undefined;
  const roles = JSON.parse(String(inputs.assumeRoles ?? "[]")) as { roleArn?: string }[];
  return { region: String(inputs.region), ...(roles[0]?.roleArn !== undefined && { assumeRole: roles[0].roleArn }) };
}

async function associated(ask: AskAws, { subnetId }: Inputs): Promise<string | undefined> {
  const filter = `Name=association.subnet-id,Values=${String(subnetId)}`;
  const { RouteTables } = await ask("ec2", "describe-route-tables", "--filters", filter);
  const all = list(RouteTables).flatMap(({ Associations }) => list(Associations));
  const own = all.find(({ SubnetId }) => SubnetId === subnetId);
  return own === undefined ? undefined : String(own.RouteTableAssociationId);
}

/**
 * A thing is known by its stack, by the name of its resource, and by its kind.
 * @param there ids that the state has under this name: a thing that was to be replaced by the new one
 */
async function tagged(
  ask: AskAws,
  stack: string,
  { type, urn, inputs }: StateResource,
  there: readonly unknown[],
): Promise<string | undefined> {
  const kind = kindInArn[type];
  const tags = inputs?.tags;
  if (kind === undefined || !isMapping(tags)) return undefined;
  const filters = [
    `Key=${tagKeys.stack},Values=${stack}`,
    `Key=${tagKeys.resource},Values=${String(tags[tagKeys.resource])}`,
  ];
  const answer = await ask("resourcegroupstaggingapi", "get-resources", "--tag-filters", ...filters);
  const arns = list(answer.ResourceTagMappingList).map(({ ResourceARN }) => String(ResourceARN));
  const all = arns.filter((arn) => kindOf(arn) === kind).map(idOfArn);
  const others = all.filter((id) => !there.includes(id));
  const ids = await living(ask, type, others);
  if (ids.length < 2) return ids[0];
  throw new UserError(
    `a killed run was making ${nameOf(urn)}, and AWS has several things of that name and kind: ${ids.join(", ")}; delete those that nothing uses, and run the same command again`,
    { exitCode: 1 },
  );
}

/**
 * Whether the nodes of a group run, so that those before it may go.
 * @throws UserError while AWS is still making them
 */
async function hasNodes(ask: AskAws, id: string): Promise<boolean> {
  const [cluster = "", name = ""] = id.split(":");
  const answer = await ask("eks", "describe-nodegroup", "--cluster-name", cluster, "--nodegroup-name", name);
  const { status } = isMapping(answer.nodegroup) ? answer.nodegroup : {};
  if (status !== "CREATING") return status === "ACTIVE";
  throw new UserError(
    `AWS is still making the node group ${name}, which a killed run began; run the same command again when this has ended: aws eks wait nodegroup-active --cluster-name ${cluster} --nodegroup-name ${name}`,
    { exitCode: 1 },
  );
}

/** A key is there for 30 days after it was deleted, with its tags. */
async function living(ask: AskAws, type: string, ids: readonly string[]): Promise<string[]> {
  if (type !== "aws:kms/key:Key") return [...ids];
  const states = await Promise.all(ids.map((id) => ask("kms", "describe-key", "--key-id", id)));
  return ids.filter((_, index) => {
    const { KeyMetadata } = states[index] ?? {};
    return !(isMapping(KeyMetadata) && KeyMetadata.KeyState === "PendingDeletion");
  });
}

/** `arn:aws:ec2:region:account:vpc/vpc-0` is of the kind `ec2:vpc`. */
function kindOf(arn: string): string {
  const [, , service = "", , , rest = ""] = arn.split(":");
  return `${service}:${rest.split("/")[0]}`;
}

/** The id in Pulumi of what an ARN names; a node group is called by its cluster and its name. */
function idOfArn(arn: string): string {
  const [kind, ...path] = arn.split(":").slice(5).join(":").split("/");
  return kind === "nodegroup" ? path.slice(0, 2).join(":") : path.at(-1)!;
}

function joined(inputs: Inputs, by: string, ...fields: string[]): string {
  return fields.map((field) => String(inputs[field])).join(by);
}

function list(value: unknown): Mapping[] {
  return Array.isArray(value) ? value.filter(isMapping) : [];
}
