import type { Settings } from "../../settings/settings";
import { embeddedKubernetes } from "../../versions";

export function otherVersion({ identity: { name, kubernetesVersion } }: Settings): string | undefined {
  if (kubernetesVersion === embeddedKubernetes) return undefined;
  return `an embedded cluster runs Kubernetes ${embeddedKubernetes}; gitops/clusters/${name}/cluster.yaml names ${kubernetesVersion}, so this is a rehearsal on another version`;
}

/** Settings of Argo CD that are for pods, Services and the way to them. */
export function withoutEffect({ argocd }: Settings): string | undefined {
  const idle = [argocd.host !== undefined && "argocdHost", argocd.notifications && "argocdNotify..."].filter(
    (name) => typeof name === "string",
  );
  if (idle.length === 0) return undefined;
  return `an embedded cluster runs Argo CD as processes of this machine: ${idle.join(", ")} ${idle.length === 1 ? "has" : "have"} no effect there`;
}
