import { textsAt, valueAt, type Properties } from "../values";

/** The three switches of EKS Auto Mode, which go together. */
export const autoModeSwitches = [
  "computeConfig.enabled",
  "kubernetesNetworkConfig.elasticLoadBalancing.enabled",
  "storageConfig.blockStorage.enabled",
];

export function usesAutoMode(cluster: Properties): boolean {
  return valueAt(cluster, autoModeSwitches[0]!) === true;
}

/** The roles that a cluster or node group runs with. */
export function rolesOf(user: Properties): string[] {
  return ["roleArn", "nodeRoleArn", "computeConfig.nodeRoleArn"].flatMap((field) => textsAt(user, field));
}
