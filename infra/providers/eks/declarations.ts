import type { SettingDeclarations } from "../../settings/declaration";
import type { ProviderSource } from "../provider";

/** Days that CloudWatch can keep logs for. */
export const logDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** The settings of a cluster on AWS. */
export const eksSettings = {
  awsAccount: {
    type: "string",
    default: "",
    description:
      "Account of the cluster, 12 digits; with a login of another account nothing is done. Required for eks, unless cluster.yaml names it.",
  },
  eksAssumeRole: {
    type: "string",
    default: "",
    description:
      "ARN of the role that Pulumi and kubectl take on first. Default: none, the login of the shell is used.",
  },
  eksAdmins: {
    type: "array",
    default: [],
    description:
      "ARNs of the roles and users that are administrators of the cluster; the one that runs `up` must be among them. Required for eks.",
  },
  eksPublicCidrs: {
    type: "array",
    default: [],
    description:
      "Blocks of addresses that may reach the API server over the internet, never 0.0.0.0/0. Default: none, it is reached from inside the network only.",
  },
  eksVpcCidr: {
    type: "string",
    default: "10.0.0.0/16",
    description:
      "Addresses of the network that is made, a block of /16 to /20. Default: 10.0.0.0/16. Not used with eksSubnets.",
  },
  eksSubnets: {
    type: "array",
    default: [],
    description:
      "Private subnets of a network that is there, in at least two zones, instead of a network of its own. Default: none, a network over three zones is made.",
  },
  eksNat: {
    type: "string",
    default: "per-zone",
    description:
      "NAT gateways of the network that is made: per-zone (three), or single, with which all nodes are cut off when its zone fails. Default: per-zone.",
  },
  eksCompute: {
    type: "string",
    default: "auto",
    description: "Where nodes come from: auto (EKS Auto Mode) or node-group (one managed node group). Default: auto.",
  },
  eksNodeTypes: {
    type: "array",
    default: [],
    description:
      "Instance types of the node group; another list replaces the nodes, new ones first. Default: m7i.large. Only with node-group.",
  },
  eksMinNodes: {
    type: "integer",
    default: 0,
    least: 1,
    most: 450,
    description: "Least nodes of the node group, 1 to 450. Default (0): 3. Only with node-group.",
  },
  eksMaxNodes: {
    type: "integer",
    default: 0,
    least: 1,
    most: 450,
    description: "Most nodes of the node group, 1 to 450. Default (0): 9. Only with node-group.",
  },
  eksHostedZones: {
    type: "array",
    default: [],
    description:
      "Ids of the Route 53 zones in which external-dns may change records. Default: none, and no login for it.",
  },
  eksLogDays: {
    type: "integer",
    default: 0,
    least: 1,
    most: 3653,
    description: `Days that the logs of the control plane are kept: ${logDays.join(", ")}. Default (0): 90.`,
  },
  eksProtection: {
    type: "string",
    default: "",
    description:
      "Whether deleting or replacing any resource of the stack is refused: on or off. Default: on where the stage has confirmPrune and the stack is not ephemeral, else off.",
  },
} as const satisfies SettingDeclarations;

export type EksSource = ProviderSource<keyof typeof eksSettings>;
