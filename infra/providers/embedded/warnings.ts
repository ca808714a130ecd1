import { clusterFile } from "../../../model/identity";
import type { Settings } from "../../settings/settings";
import { embeddedKubernetes } from "../../versions";

export function otherVersion({ identity: { name, kubernetesVersion } }: Settings): string | undefined {
  if (kubernetesVersion === embeddedKubernetes) return undefined;
  return `an embedded cluster runs Kubernetes ${embeddedKubernetes}; ${clusterFile(name)} names ${kubernetesVersion}, so this is a rehearsal on another version`;
}

const list = new Intl.ListFormat("en-GB", { style: "long", type: "conjunction" });

/** Settings of Argo CD that are for pods, Services and the way to them. */
export function withoutEffect({ argocd, installation }: Settings): string | undefined {
  const { profile, networkPolicy, route, monitorLabels } = installation;
  const given: Record<string, boolean> = {
    argocdHost: argocd.host !== undefined,
    argocdRoute: route !== undefined,
    "argocdNotify...": argocd.notifications !== undefined,
    argocdProfile: profile !== "standard",
    argocdNetworkPolicy: !networkPolicy,
    argocdMonitorLabels: Object.keys(monitorLabels).length > 0,
  };
  const idle = Object.keys(given).filter((name) => given[name]);
  if (idle.length === 0) return undefined;
  return `without effect on an embedded cluster, whose Argo CD is processes of this machine: ${list.format(idle)}`;
}
