import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { insideOptions, type ClusterHandle } from "../cluster/handle";
import type { Settings } from "../settings/settings";
import { policyPairs } from "./objects";

/** The written identity: what must be there before Argo CD may write anything. */
export interface IdentityHandle {
  policies: pulumi.Resource[];
}

/**
 * Writes the cluster's identity for people to see, and the policies that keep Argo CD to it and away from what controls Argo CD.
 */
export function writeIdentity(settings: Settings, cluster: ClusterHandle): IdentityHandle {
  const { identity, stack } = settings;
  new k8s.core.v1.ConfigMap(
    "cluster-identity",
    {
      metadata: { name: "cluster-identity", namespace: "kube-system" },
      immutable: true,
      data: {
        stack,
        name: identity.name,
        stage: identity.stage,
        ...(identity.ring !== undefined && { ring: identity.ring }),
        region: identity.region,
        provider: identity.provider,
        kubernetesVersion: identity.kubernetesVersion,
        domain: identity.domain,
        ...(identity.account !== undefined && { account: identity.account }),
        capabilities: identity.capabilities.join(","),
        compliance: identity.compliance.join(","),
      },
    },
    // The API server refuses to change this field, and two objects cannot have one name.
    { ...insideOptions(cluster), replaceOnChanges: ["data"], deleteBeforeReplace: true },
  );
  const options = insideOptions(cluster);
  const { admissionregistration } = k8s;
  const policies = policyPairs(settings).flatMap(({ resource, policy, binding }) => {
    const made = new admissionregistration.v1.ValidatingAdmissionPolicy(`${resource}-policy`, policy, options);
    const after = { ...options, dependsOn: [...cluster.dependsOn, made] };
    return [made, new admissionregistration.v1.ValidatingAdmissionPolicyBinding(`${resource}-binding`, binding, after)];
  });
  return { policies };
}
