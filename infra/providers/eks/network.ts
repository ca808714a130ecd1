import { DefaultSecurityGroup } from "@pulumi/aws/ec2/defaultSecurityGroup";
import { Eip } from "@pulumi/aws/ec2/eip";
import { InternetGateway } from "@pulumi/aws/ec2/internetGateway";
import { NatGateway } from "@pulumi/aws/ec2/natGateway";
import { Route } from "@pulumi/aws/ec2/route";
import { RouteTable } from "@pulumi/aws/ec2/routeTable";
import { RouteTableAssociation } from "@pulumi/aws/ec2/routeTableAssociation";
import { Subnet } from "@pulumi/aws/ec2/subnet";
import { Vpc } from "@pulumi/aws/ec2/vpc";
import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint";
import { getAvailabilityZonesOutput } from "@pulumi/aws/getAvailabilityZones";
import * as pulumi from "@pulumi/pulumi";
import { formatBlock, partOf } from "./ipv4";
import type { Scope } from "./scope";
import type { MadeNetwork } from "./settings";

/** Where nodes and the control plane's interfaces are. */
export interface Network {
  subnets: pulumi.Input<string>[];
  /** What lets nodes reach the internet: there before them, and until after them. */
  wayOut: pulumi.Resource[];
}

/** The network of a cluster. */
export function makeNetwork(scope: Scope): Network {
  const { network } = scope.settings;
  if (!("subnets" in network)) return ownNetwork(scope, network);
  return { subnets: network.subnets.map((id) => scope.checked(id)), wayOut: [] };
}

/** Zones that AWS has and EKS cannot use, by their ids. */
const withoutEks = ["use1-az3", "usw1-az2", "cac1-az3"];
const everywhere = "0.0.0.0/0";

/** Three zones with a public subnet for load balancers and a private one for nodes each. */
function ownNetwork(scope: Scope, { block, nat }: MadeNetwork): Network {
  const { place, options, tags, checked } = scope;
  const zones = getAvailabilityZonesOutput(
    {
      state: "available",
      filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
      excludeZoneIds: withoutEks,
    },
    options,
  ).names;
  const vpc = new Vpc(
    "vpc",
    { cidrBlock: checked(formatBlock(block)), enableDnsHostnames: true, enableDnsSupport: true, tags: tags("vpc") },
    options,
  );
  const vpcId = vpc.id;
  // The group that everything without one gets lets nothing through.
  new DefaultSecurityGroup("default", { vpcId, ingress: [], egress: [], tags: tags("default") }, options);
  const gateway = new InternetGateway("gateway", { vpcId, tags: tags("gateway") }, options);
  const publicTable = new RouteTable("public", { vpcId, tags: tags("public") }, options);
  const publicRoute = new Route(
    "public",
    { routeTableId: publicTable.id, destinationCidrBlock: everywhere, gatewayId: gateway.id },
    options,
  );
  const wayOut: pulumi.Resource[] = [publicRoute];
  const gateways: NatGateway[] = [];
  const tables: RouteTable[] = [];

  const subnets = [0, 1, 2].map((zone) => {
    const availabilityZone = zones.apply((names) => zoneOf(names, zone, place.region));
    // A zone that AWS adds to the list must not move subnets to other zones.
    const stays = { ...options, ignoreChanges: ["availabilityZone"] };
    const open = new Subnet(
      `public-${zone}`,
      {
        vpcId,
        availabilityZone,
        cidrBlock: formatBlock(partOf(block, 8, zone)),
        tags: { ...tags(`public-${zone}`), "kubernetes.io/role/elb": "1" },
      },
      stays,
    );
    const opened = new RouteTableAssociation(
      `public-${zone}`,
      { subnetId: open.id, routeTableId: publicTable.id },
      options,
    );
    if (zone === 0 || nat === "per-zone") {
      const name = `nat-${zone}`;
      const address = new Eip(name, { domain: "vpc", tags: tags(name) }, { ...options, dependsOn: gateway });
      gateways[zone] = new NatGateway(
        name,
        { allocationId: address.id, subnetId: open.id, tags: tags(name) },
        { ...options, dependsOn: [publicRoute, opened] },
      );
    }
    const name = `private-${zone}`;
    const closed = new Subnet(
      name,
      {
        vpcId,
        availabilityZone,
        cidrBlock: formatBlock(partOf(block, 2, zone + 1)),
        tags: { ...tags(name), "kubernetes.io/role/internal-elb": "1" },
      },
      stays,
    );
    const table = new RouteTable(name, { vpcId, tags: tags(name) }, options);
    const natGatewayId = (gateways[zone] ?? gateways[0]!).id;
    wayOut.push(
      new Route(name, { routeTableId: table.id, destinationCidrBlock: everywhere, natGatewayId }, options),
      new RouteTableAssociation(name, { subnetId: closed.id, routeTableId: table.id }, options),
    );
    tables.push(table);
    return closed;
  });
  // Free, and the layers of images come from S3: they need not go through the NAT gateway.
  new VpcEndpoint(
    "s3",
    {
      vpcId,
      serviceName: `com.amazonaws.${place.region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: tables.map(({ id }) => id),
      tags: tags("s3"),
    },
    options,
  );
  return { subnets: subnets.map(({ id }) => id), wayOut };
}

function zoneOf(names: readonly string[], index: number, region: string): string {
  const name = names[index];
  if (name !== undefined) return name;
  throw new pulumi.RunError(
    `${region} has ${names.length} zones for this account (${names.join(", ")}), and a network takes three; ` +
      "make one of two zones yourself and name its subnets in eksSubnets",
  );
}
