import { stringify } from "yaml";
import type { Exclusion } from "../settings/installation";

interface Entry {
  apiGroups: readonly string[];
  kinds: readonly string[];
}

/**
 * What Argo CD excludes by default (3.4 to 3.6, chart and manifests). The key replaces the whole list, so ours repeats it.
 */
export const usualExclusions: readonly Entry[] = [
  { apiGroups: ["", "discovery.k8s.io"], kinds: ["Endpoints", "EndpointSlice"] },
  { apiGroups: ["coordination.k8s.io"], kinds: ["Lease"] },
  {
    apiGroups: ["authentication.k8s.io", "authorization.k8s.io"],
    kinds: [
      "SelfSubjectReview",
      "TokenReview",
      "LocalSubjectAccessReview",
      "SelfSubjectAccessReview",
      "SelfSubjectRulesReview",
      "SubjectAccessReview",
    ],
  },
  { apiGroups: ["certificates.k8s.io"], kinds: ["CertificateSigningRequest"] },
  { apiGroups: ["cert-manager.io"], kinds: ["CertificateRequest"] },
  { apiGroups: ["cilium.io"], kinds: ["CiliumIdentity", "CiliumEndpoint", "CiliumEndpointSlice"] },
  {
    apiGroups: ["kyverno.io", "reports.kyverno.io", "wgpolicyk8s.io"],
    kinds: [
      "PolicyReport",
      "ClusterPolicyReport",
      "EphemeralReport",
      "ClusterEphemeralReport",
      "AdmissionReport",
      "ClusterAdmissionReport",
      "BackgroundScanReport",
      "ClusterBackgroundScanReport",
      "UpdateRequest",
    ],
  },
];

/** The keys of `argocd-cm` for what is not watched; none where nothing is added, so that a newer Argo CD has its own list. */
export function exclusionKeys(added: readonly Exclusion[] = []): Record<string, string> {
  if (added.length === 0) return {};
  const entries = [...usualExclusions, ...added.map(({ group, kind }) => ({ apiGroups: [group], kinds: [kind] }))];
  return { "resource.exclusions": stringify(entries, { lineWidth: 0, aliasDuplicateObjects: false }) };
}
