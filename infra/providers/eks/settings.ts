import type { Region } from "../../../model/region";
import type { ProviderSettings } from "../../settings/settings";
import { admins, assumedRole, hostedZones, nodeTypes, oneAccount, publicCidrs, subnets, vpcBlock } from "./checks";
import { logDays, type EksSource } from "./declarations";
import type { Block } from "./ipv4";
import { eksKubeconfig } from "./kubeconfig";
import { clusterName, longestStack } from "./names";

export interface EksSettings extends ProviderSettings {
  name: "eks";
  account: string;
  /** What AWS calls the region. */
  region: string;
  clusterName: string;
  /** Role that is taken on first. */
  assumeRole?: string;
  /** ARNs of the administrators. */
  admins: readonly string[];
  /** Who may reach the API server over the internet; empty: nobody. */
  publicCidrs: readonly string[];
  network: MadeNetwork | GivenNetwork;
  compute: AutoMode | NodeGroup;
  hostedZones: readonly string[];
  logDays: number;
  /** Whether nothing of the stack may be deleted. */
  isProtected: boolean;
  /** Absolute path where the kubeconfig is written. */
  kubeconfigPath: string;
}

/** A network of the cluster's own. */
export interface MadeNetwork {
  block: Block;
  nat: "per-zone" | "single";
}

/** Subnets that somebody else keeps. */
export interface GivenNetwork {
  subnets: readonly string[];
}

export interface AutoMode {
  mode: "auto";
}

export interface NodeGroup {
  mode: "node-group";
  instanceTypes: readonly string[];
  least: number;
  most: number;
}

/** A region of the partition that the names of policies and services are written for. */
const awsRegion = /^(?!cn-|us-gov-|us-iso)[a-z]{2,}-[a-z]+-\d$/;

export function parseEks(source: EksSource): EksSettings | undefined {
  const { stack, identity, faults, tree, root } = source;
  const account = oneAccount(source);
  // A region that the tree does not have was reported with the line of cluster.yaml.
  const region = regionOf(source, tree.regions.get(identity.region));
  const assumeRole = assumedRole(source);
  const found = {
    admins: admins(source, account),
    publicCidrs: publicCidrs(source),
    network: networkOf(source),
    compute: computeOf(source),
    hostedZones: hostedZones(source),
    logDays: logDaysOf(source),
    isProtected: isProtected(source),
  };
  if (region !== undefined && stack.length > longestStack(region)) {
    faults.sentence({
      message: `the stack name ${stack} has ${stack.length} characters; the names of its roles would be too long`,
      fix: `use at most ${longestStack(region)}`,
    });
  }
  if (!faults.none || account === undefined || region === undefined) return undefined;
  return {
    name: "eks",
    account,
    region,
    clusterName: clusterName(stack),
    ...(assumeRole !== undefined && { assumeRole }),
    ...found,
    kubeconfigPath: eksKubeconfig(root, stack),
  };
}

function regionOf({ identity, faults }: EksSource, facts: Region | undefined): string | undefined {
  if (facts === undefined || awsRegion.test(facts.cloudRegion)) return facts?.cloudRegion;
  const message = `cloudRegion of the region ${identity.region} is "${facts.cloudRegion}", where the provider eks makes no clusters`;
  const fix = "write a region of AWS such as eu-west-1; those of China and of the US government are not supported";
  faults.at(`gitops/regions/${identity.region}.yaml`, 1, "setting-cloud-region", { message, fix });
  return undefined;
}

function networkOf(source: EksSource): MadeNetwork | GivenNetwork {
  const { values, faults } = source;
  const given = subnets(source);
  const nat = values.oneOf("eksNat", ["per-zone", "single"]) ?? "per-zone";
  const block = vpcBlock(source);
  if (given.length === 0) return { block, nat };
  for (const name of ["eksVpcCidr", "eksNat"] as const) {
    if (!values.isSet(name)) continue;
    faults.setting(name, "setting-eks-subnets", {
      message: `${name} is for a network that is made, and eksSubnets names one that is there`,
      fix: "remove one of the two",
    });
  }
  return { subnets: given };
}

function computeOf(source: EksSource): AutoMode | NodeGroup {
  const { values, faults } = source;
  const mode = values.oneOf("eksCompute", ["auto", "node-group"]) ?? "auto";
  const [least, most] = [values.integer("eksMinNodes") ?? 3, values.integer("eksMaxNodes") ?? 9];
  const instanceTypes = nodeTypes(source);
  if (mode === "auto") {
    for (const name of ["eksNodeTypes", "eksMinNodes", "eksMaxNodes"] as const) {
      if (!values.isSet(name)) continue;
      faults.setting(name, "setting-eks-compute", {
        message: `${name} is for a node group, and eksCompute is auto: EKS chooses the nodes`,
        fix: `remove it: pulumi config rm ${name}, or set eksCompute to node-group`,
      });
    }
    return { mode };
  }
  if (least > most) {
    faults.setting("eksMaxNodes", "setting-eks-max-nodes", {
      message: `eksMaxNodes is ${most}, less than eksMinNodes (${least})`,
      fix: `give at least ${least}`,
    });
  }
  return { mode, instanceTypes, least, most };
}

function logDaysOf({ values, faults }: EksSource): number {
  const days = values.integer("eksLogDays") ?? 90;
  if (!logDays.includes(days)) {
    faults.setting("eksLogDays", "setting-eks-log-days", {
      message: `eksLogDays is ${days}, which CloudWatch does not offer`,
      fix: `use ${logDays.find((offered) => offered > days)}`,
    });
  }
  return days;
}

/**
 * Where Argo CD asks before it removes what holds data, Pulumi does not remove the cluster under it. An ephemeral stack is made to be
 * removed, by a sweep that nobody watches.
 */
function isProtected({ values, tree, identity, lifetime }: EksSource): boolean {
  const word = values.oneOf("eksProtection", ["on", "off"]);
  if (word !== undefined) return word === "on";
  return lifetime === undefined && tree.stages.get(identity.stage)?.confirmPrune === true;
}
