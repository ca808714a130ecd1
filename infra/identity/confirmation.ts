import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { canAskBeforeRemoval } from "../../model/argocd";
import { insideOptions, type ClusterHandle } from "../cluster/handle";
import type { Settings } from "../settings/settings";
import { askingPairs } from "./objects";

/** Makes Argo CD ask before it removes objects that hold data, where the stage says so. Returns what must be there before it syncs. */
export function askBeforeRemoval(settings: Settings, cluster: ClusterHandle): pulumi.Resource[] {
  const options = insideOptions(cluster);
  const { admissionregistration } = k8s;
  return askingPairs(settings).flatMap(({ resource, policy, binding }) => {
    const made = new admissionregistration.v1.MutatingAdmissionPolicy(`${resource}-policy`, policy, options);
    const after = { ...options, dependsOn: [...cluster.dependsOn, made] };
    return [made, new admissionregistration.v1.MutatingAdmissionPolicyBinding(`${resource}-binding`, binding, after)];
  });
}

/** What to say where the stage wants it and the cluster's Kubernetes cannot do it. */
export function cannotAskWarning({ stage, identity: { kubernetesVersion, name } }: Settings): string | undefined {
  if (!stage.confirmPrune || canAskBeforeRemoval(kubernetesVersion)) return undefined;
  return `confirmPrune of gitops/stages/${stage.name}.yaml has no effect in ${name}: Kubernetes ${kubernetesVersion} has no MutatingAdmissionPolicy, 1.36 has; Argo CD removes volumes, Namespaces and StatefulSets there without a confirmation`;
}
