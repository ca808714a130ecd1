package podgc

import v1 "k8s.io/api/core/v1"

// podIsEvicted is kubelet/eviction's PodIsEvicted.
func podIsEvicted(status v1.PodStatus) bool {
	return status.Phase == v1.PodFailed && status.Reason == "Evicted"
}
