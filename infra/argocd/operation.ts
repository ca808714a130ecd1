import type { Mapping } from "../../model/mapping";
import type { Settings } from "../settings/settings";
import { metricsValues } from "./metrics";
import { policyValues, routeValues } from "./network";
import { notificationValues } from "./notifications";
import { profileValues } from "./profile";

/** What the values need to know besides the settings. */
interface Surroundings {
  url: string;
  /** Whether all pods are on one node, where those that must be apart would wait for ever. */
  oneNode?: boolean;
  /** Whether the cluster has the kind ServiceMonitor: a boolean, or one that only an `up` knows. */
  served?: unknown;
}

/** Whether the stack's Argo CD has metrics for somebody to read. */
export function isMonitored({ identity }: Pick<Settings, "identity">): boolean {
  return identity.capabilities.includes("monitoring");
}

/** The values of the chart for how the stack wants its Argo CD to be run, in the order in which they are laid over each other. */
export function operationValues(settings: Settings, { url, oneNode = false, served }: Surroundings): Mapping[] {
  const { installation, identity, argocd } = settings;
  const profile = oneNode ? "standard" : installation.profile;
  return [
    profileValues(profile, argocd.redisImage),
    policyValues({ ...installation, profile }),
    routeValues(installation, argocd.host),
    notificationValues(argocd.notifications, identity, url),
    ...(isMonitored(settings) ? [metricsValues(served, installation.monitorLabels)] : []),
  ];
}
