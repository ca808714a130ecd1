const prefix = "onebranch";

/** Longest name of an IAM role. */
const longestRole = 64;

/** What a role of a cluster may be for. */
export const rolePurposes = [
  "cluster",
  "nodes",
  "vpc-cni",
  "ebs-csi",
  "load-balancer",
  "external-dns",
  "external-secrets",
] as const;

export type RolePurpose = (typeof rolePurposes)[number];

/** The name of the EKS cluster of a stack. */
export function clusterName(stack: string): string {
  return `${prefix}-${stack}`;
}

/** The name of a role. Roles belong to the account, so the name has the region in it. */
export function roleName(stack: string, region: string, purpose: RolePurpose): string {
  return `${prefix}-${stack}-${region}-${purpose}`;
}

/** The longest stack name whose roles in a region have names that IAM takes. */
export function longestStack(region: string): number {
  return longestRole - Math.max(...rolePurposes.map((purpose) => roleName("", region, purpose).length));
}

/** Where the secrets of a stage lie in Secrets Manager and Parameter Store. The slash at the end keeps `prod` out of `prod-eu`. */
export function secretPrefix(stage: string): string {
  return `${prefix}/${stage}/`;
}

/** Tags of everything that belongs to one stack: the stack, the identity of its cluster, and in each thing which resource it is. */
export const tagKeys = {
  stack: `${prefix}:stack`,
  cluster: `${prefix}:cluster`,
  stage: `${prefix}:stage`,
  resource: `${prefix}:resource`,
} as const;
