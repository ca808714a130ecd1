import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { insideOptions, type ClusterHandle } from "../cluster/handle";
import type { Settings } from "../settings/settings";
import { askingPairs } from "./objects";

/**
 * Makes Argo CD ask before it removes objects that hold data, where the stage says so. Returns what must be there before it syncs.
 */
export function askBeforeRemoval(settings: Settings, cluster: ClusterHandle): pulumi.Resource[] {
  const options = insideOptions(cluster);
  const { admissionregistration } = k8s;
  return askingPairs(settings).flatMap(({ resource, policy, binding }) => {
    const made = new admissionregistration.v1.MutatingAdmissionPolicy(`${resource}-policy`, policy, options);
    const after = { ...options, dependsOn: [...cluster.dependsOn, made] };
    return [made, new admissionregistration.v1.MutatingAdmissionPolicyBinding(`${resource}-binding`, binding, after)];
  });
}
