import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { insideOptions, type ClusterHandle } from "../cluster/handle";
import type { Settings } from "../settings/settings";
import { policyName, policySpec } from "../../model/admission/applications";

/** The written identity: what must be there before Argo CD may create Applications. */
export interface IdentityHandle {
  policy: pulumi.Resource;
  binding: pulumi.Resource;
}

/** Writes the cluster's identity for people to see, and the policy that keeps Argo CD to it. */
export function writeIdentity(settings: Settings, cluster: ClusterHandle): IdentityHandle {
  const { identity, stack } = settings;
  const options = insideOptions(cluster);
  new k8s.core.v1.ConfigMap(
    "cluster-identity",
    {
      metadata: { name: "cluster-identity", namespace: "kube-system" },
      immutable: true,
      data: {
        stack,
        name: identity.name,
        stage: identity.stage,
        region: identity.region,
        provider: identity.provider,
        kubernetesVersion: identity.kubernetesVersion,
        domain: identity.domain,
        capabilities: identity.capabilities.join(","),
        compliance: identity.compliance.join(","),
      },
    },
    // The API server refuses to change it, and there cannot be a second one of that name.
    { ...options, replaceOnChanges: ["data"], deleteBeforeReplace: true },
  );
  const policy = new k8s.admissionregistration.v1.ValidatingAdmissionPolicy(
    "identity-policy",
    { metadata: { name: policyName }, spec: policySpec(identity) },
    options,
  );
  const binding = new k8s.admissionregistration.v1.ValidatingAdmissionPolicyBinding(
    "identity-binding",
    { metadata: { name: policyName }, spec: { policyName, validationActions: ["Deny", "Audit"] } },
    { ...options, dependsOn: [...cluster.dependsOn, policy] },
  );
  return { policy, binding };
}
