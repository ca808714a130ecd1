import { crc32 } from "node:zlib";
import { parseBlock, type Block } from "../../../../infra/providers/eks/ipv4";
import type { Ledger } from "../ledger";
import { AwsError, ec2Arn, quota, random, type Rules, type Scene } from "../rule";
import { types } from "../types";
import { textAt, textsAt } from "../values";
import { usesAutoMode } from "./auto-mode";

const inVpc = { field: "vpcId", type: types.vpc, hold: "refuse" } as const;

/** Networks, as EC2 treats them. */
export const networkRules: Rules = {
  [types.vpc]: {
    id: random("vpc"),
    replace: ["cidrBlock"],
    outputs: ec2Arn("vpc"),
    check: quota(types.vpc, 5, "VpcLimitExceeded"),
    deleted({ id }, { ledger }) {
      ledger.removeWhere(({ type, inputs }) => type === types.defaultGroup && inputs.vpcId === id);
    },
  },
  [types.subnet]: {
    id: random("subnet"),
    replace: ["vpcId", "cidrBlock", "availabilityZone"],
    outputs: ec2Arn("subnet"),
    references: [inVpc],
    check(inputs, { ledger }) {
      const wanted = textAt(inputs, "cidrBlock");
      const clash = ledger
        .all(types.subnet)
        .find((other) => other.inputs.vpcId === inputs.vpcId && overlap(textAt(other.inputs, "cidrBlock"), wanted));
      if (clash) throw new AwsError(`InvalidSubnet.Conflict: ${wanted} overlaps ${clash.id}`);
      const block = textAt(ledger.find(types.vpc, textAt(inputs, "vpcId"))?.inputs, "cidrBlock");
      if (!overlap(block, wanted)) throw new AwsError(`InvalidSubnet.Range: ${wanted} is not in ${block}`);
    },
  },
  [types.gateway]: {
    id: random("igw"),
    replace: [],
    outputs: ec2Arn("internet-gateway"),
    references: [inVpc],
    check({ vpcId }, { ledger }) {
      const other = ledger.all(types.gateway).find(({ inputs }) => inputs.vpcId === vpcId);
      if (other) throw new AwsError(`InvalidParameterValue: ${String(vpcId)} already has ${other.id}`);
    },
    deleting({ inputs }, { ledger }) {
      const mapped = [...ledger.all(types.nat), ...ledger.all(types.balancer)].find(
        (thing) => ledger.find(types.subnet, textAt(thing.inputs, "subnetId"))?.inputs.vpcId === inputs.vpcId,
      );
      if (mapped) throw new AwsError(`DependencyViolation: network has mapped public addresses (${mapped.id})`);
    },
  },
  [types.address]: {
    id: random("eipalloc"),
    replace: ["domain"],
    outputs: (inputs, id, scene) => ({
      ...ec2Arn("elastic-ip")(inputs, id, scene),
      allocationId: id,
      publicIp: "192.0.2.1",
    }),
    check: quota(types.address, 5, "AddressLimitExceeded"),
  },
  [types.nat]: {
    id: random("nat"),
    replace: ["allocationId", "subnetId"],
    outputs: (inputs, id, scene) => ({ ...ec2Arn("natgateway")(inputs, id, scene), publicIp: "192.0.2.1" }),
    references: [
      { field: "subnetId", type: types.subnet, hold: "refuse" },
      { field: "allocationId", type: types.address, hold: "refuse", code: "InvalidIPAddress.InUse" },
    ],
    check(inputs, scene) {
      const subnet = textAt(inputs, "subnetId");
      const vpc = scene.ledger.find(types.subnet, subnet)?.inputs.vpcId;
      if (!scene.ledger.all(types.gateway).some((gateway) => gateway.inputs.vpcId === vpc)) {
        throw new AwsError(`Gateway.NotAttached: ${String(vpc)} has no internet gateway attached`);
      }
      if (!reachesOut(subnet, scene)) scene.ledger.careless(`a NAT gateway in ${subnet} that has no way out yet`);
    },
    deleting(nat, { ledger }) {
      const route = ledger.all(types.route).find(({ inputs }) => inputs.natGatewayId === nat.id);
      if (route) ledger.careless(`${nat.id} deleted while ${route.id} leads to it`);
    },
  },
  [types.table]: {
    id: random("rtb"),
    replace: ["vpcId"],
    outputs: ec2Arn("route-table"),
    references: [inVpc],
  },
  [types.route]: {
    id: (inputs) => `r-${textAt(inputs, "routeTableId")}${crc32(textAt(inputs, "destinationCidrBlock"))}`,
    replace: ["routeTableId", "destinationCidrBlock"],
    references: [
      { field: "routeTableId", type: types.table },
      { field: "gatewayId", type: types.gateway },
      { field: "natGatewayId", type: types.nat },
    ],
    deleting: ({ id, inputs }, { ledger }) => noteCutOff(String(inputs.routeTableId), id, ledger),
  },
  [types.association]: {
    id: random("rtbassoc"),
    replace: ["subnetId"],
    references: [
      { field: "subnetId", type: types.subnet },
      { field: "routeTableId", type: types.table, hold: "refuse" },
    ],
    check({ subnetId }, { ledger }) {
      const other = ledger.all(types.association).find(({ inputs }) => inputs.subnetId === subnetId);
      if (other) throw new AwsError(`Resource.AlreadyAssociated: ${String(subnetId)} has ${other.id}`);
    },
    deleting: ({ id, inputs }, { ledger }) => noteCutOff(String(inputs.routeTableId), id, ledger),
  },
  [types.endpoint]: {
    id: random("vpce"),
    replace: ["vpcId", "serviceName", "vpcEndpointType"],
    outputs: ec2Arn("vpc-endpoint"),
    references: [inVpc, { field: "routeTableIds", type: types.table }],
  },
  [types.defaultGroup]: {
    id: (inputs) => `default-of-${textAt(inputs, "vpcId")}`,
    isThere: true,
    replace: ["vpcId"],
    references: [{ field: "vpcId", type: types.vpc }],
  },
  [types.template]: {
    id: random("lt"),
    name: "name",
    replace: ["name"],
    outputs: (inputs, id, scene) => ({ ...ec2Arn("launch-template")(inputs, id, scene), latestVersion: 1 }),
  },
};

/** Whether what is in a subnet reaches the internet. */
export function reachesOut(subnet: string, { ledger }: Scene): boolean {
  const table = ledger.all(types.association).find(({ inputs }) => inputs.subnetId === subnet)?.inputs.routeTableId;
  const routes = ledger.all(types.route).filter(({ inputs }) => inputs.routeTableId === table);
  return routes.some(({ inputs }) => inputs.destinationCidrBlock === "0.0.0.0/0");
}

/** Notes that nodes lose their way out before they are gone. */
function noteCutOff(table: string, what: string, ledger: Ledger): void {
  const subnets = ledger
    .all(types.association)
    .filter(({ inputs }) => inputs.routeTableId === table)
    .map(({ inputs }) => inputs.subnetId);
  const clusters = ledger.all(types.cluster).filter(({ inputs }) => usesAutoMode(inputs));
  for (const { id, inputs } of [...ledger.all(types.nodeGroup), ...clusters]) {
    const used = [...textsAt(inputs, "subnetIds"), ...textsAt(inputs, "vpcConfig.subnetIds")];
    if (used.some((subnet) => subnets.includes(subnet))) ledger.careless(`${what} deleted while ${id} needs it`);
  }
}

function overlap(a: string, b: string): boolean {
  const [first, second] = [parseBlock(a), parseBlock(b)];
  return first !== undefined && second !== undefined && (holds(first, second) || holds(second, first));
}

function holds(outer: Block, inner: Block): boolean {
  return inner.bits >= outer.bits && inner.first - (inner.first % 2 ** (32 - outer.bits)) === outer.first;
}
