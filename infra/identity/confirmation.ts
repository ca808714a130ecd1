import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { askingPolicy, waitingPolicy } from "../../model/admission/confirmation";
import { asksBeforeRemoval, canAskBeforeRemoval } from "../../model/argocd";
import { insideOptions, type ClusterHandle } from "../cluster/handle";
import type { Settings } from "../settings/settings";

/** Makes Argo CD ask before it removes objects that hold data, where the stage says so. Returns what must be there before it syncs. */
export function askBeforeRemoval({ stage, identity }: Settings, cluster: ClusterHandle): pulumi.Resource[] {
  if (!asksBeforeRemoval(stage, identity.kubernetesVersion)) return [];
  const options = insideOptions(cluster);
  return [
    { resource: "confirm-prune", policy: askingPolicy },
    { resource: "end-waiting", policy: waitingPolicy },
  ].flatMap(({ resource, policy: { name, spec } }) => {
    const policy = new k8s.admissionregistration.v1.MutatingAdmissionPolicy(
      `${resource}-policy`,
      { metadata: { name }, spec },
      options,
    );
    const binding = new k8s.admissionregistration.v1.MutatingAdmissionPolicyBinding(
      `${resource}-binding`,
      { metadata: { name }, spec: { policyName: name } },
      { ...options, dependsOn: [...cluster.dependsOn, policy] },
    );
    return [policy, binding];
  });
}

/** What to say where the stage wants it and the cluster's Kubernetes cannot do it. */
export function cannotAskWarning({ stage, identity: { kubernetesVersion, name } }: Settings): string | undefined {
  if (!stage.confirmPrune || canAskBeforeRemoval(kubernetesVersion)) return undefined;
  return `confirmPrune of gitops/stages/${stage.name}.yaml has no effect in ${name}: Kubernetes ${kubernetesVersion} has no MutatingAdmissionPolicy, 1.36 has; Argo CD removes volumes, Namespaces and StatefulSets there without a confirmation`;
}
