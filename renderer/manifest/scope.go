// Package manifest turns rendered documents into the objects that Argo CD applies, and compares them.
package manifest

import "strings"

// clusterScoped lists the kinds without a namespace, of Kubernetes and of widely used add-ons: `group/Kind`.
var clusterScoped = func() map[string]bool {
	out := map[string]bool{}
	for group, kinds := range map[string]string{
		"":                             "ComponentStatus Namespace Node PersistentVolume",
		"admissionregistration.k8s.io": "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration",
		"apiextensions.k8s.io":         "CustomResourceDefinition",
		"apiregistration.k8s.io":       "APIService",
		"authentication.k8s.io":        "SelfSubjectReview TokenReview",
		"authorization.k8s.io":         "SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview",
		"certificates.k8s.io":          "CertificateSigningRequest ClusterTrustBundle",
		"flowcontrol.apiserver.k8s.io": "FlowSchema PriorityLevelConfiguration",
		"internal.apiserver.k8s.io":    "StorageVersion",
		"networking.k8s.io":            "IPAddress IngressClass ServiceCIDR",
		"node.k8s.io":                  "RuntimeClass",
		"policy":                       "PodSecurityPolicy",
		"rbac.authorization.k8s.io":    "ClusterRole ClusterRoleBinding",
		"resource.k8s.io":              "DeviceClass DeviceTaintRule ResourceSlice",
		"scheduling.k8s.io":            "PriorityClass",
		"storage.k8s.io":               "CSIDriver CSINode StorageClass VolumeAttachment VolumeAttributesClass",
		"argoproj.io":                  "ClusterAnalysisTemplate",
		"cert-manager.io":              "ClusterIssuer",
		"elbv2.k8s.aws":                "IngressClassParams",
		"external-secrets.io":          "ClusterExternalSecret ClusterPushSecret ClusterSecretStore",
		"gateway.networking.k8s.io":    "GatewayClass",
		"karpenter.sh":                 "NodeClaim NodePool",
		"karpenter.k8s.aws":            "EC2NodeClass",
		"keda.sh":                      "ClusterTriggerAuthentication",
		"kyverno.io":                   "ClusterPolicy ClusterCleanupPolicy",
		"policy.sigstore.dev":          "ClusterImagePolicy TrustRoot",
		"snapshot.storage.k8s.io":      "VolumeSnapshotClass VolumeSnapshotContent",
		"templates.gatekeeper.sh":      "ConstraintTemplate",
	} {
		for _, kind := range strings.Fields(kinds) {
			out[group+"/"+kind] = true
		}
	}
	return out
}()

// scopes adds to the known kinds those that the CRDs among the objects define.
func scopes(objects []map[string]any) map[string]bool {
	own := map[string]bool{}
	for _, object := range objects {
		if Kind(object) != "CustomResourceDefinition" {
			continue
		}
		spec, _ := object["spec"].(map[string]any)
		names, _ := spec["names"].(map[string]any)
		own[str(spec["group"])+"/"+str(names["kind"])] = str(spec["scope"]) == "Cluster"
	}
	return own
}

func isNamespaced(own map[string]bool, group, kind string) bool {
	if cluster, known := own[group+"/"+kind]; known {
		return !cluster
	}
	// Gatekeeper makes one of these kinds of each ConstraintTemplate.
	if group == "constraints.gatekeeper.sh" {
		return false
	}
	return !clusterScoped[group+"/"+kind]
}

// Group is the API group of an object; empty for the core group.
func Group(object map[string]any) string {
	group, _, found := strings.Cut(str(object["apiVersion"]), "/")
	if !found {
		return ""
	}
	return group
}

// Kind is an object's kind.
func Kind(object map[string]any) string { return str(object["kind"]) }

func str(value any) string {
	s, _ := value.(string)
	return s
}
