package scheduler

import (
	"context"
	"fmt"
	"reflect"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	helper "k8s.io/component-helpers/scheduling/corev1"
	"k8s.io/component-helpers/scheduling/corev1/nodeaffinity"
	"k8s.io/klog/v2"
)

// isOurs tells pods that wait for this scheduler now.
func isOurs(pod *corev1.Pod) bool {
	return pod.DeletionTimestamp == nil &&
		pod.Spec.NodeName == "" &&
		pod.Spec.SchedulerName == corev1.DefaultSchedulerName &&
		len(pod.Spec.SchedulingGates) == 0
}

// differ tells whether a change of a node may let a pod in; its heartbeats do not.
func differ(before, after *corev1.Node) bool {
	return !reflect.DeepEqual(before.Labels, after.Labels) || !reflect.DeepEqual(before.Spec, after.Spec)
}

// choose returns the first node that a pod may run on, or why there is none, in the words of kube-scheduler.
func choose(pod *corev1.Pod, nodes []*corev1.Node) (name, reason string) {
	affinity := nodeaffinity.GetRequiredNodeAffinity(pod)
	faults := map[string]int{}
	order := []string{}
	for _, node := range nodes {
		fault := unfit(pod, node, affinity)
		if fault == "" {
			return node.Name, ""
		}
		if faults[fault] == 0 {
			order = append(order, fault)
		}
		faults[fault]++
	}
	reason = fmt.Sprintf("0/%d nodes are available", len(nodes))
	for i, fault := range order {
		separator := ", "
		if i == 0 {
			separator = ": "
		}
		reason += fmt.Sprintf("%s%d %s", separator, faults[fault], fault)
	}
	return "", reason + "."
}

func unfit(pod *corev1.Pod, node *corev1.Node, affinity nodeaffinity.RequiredNodeAffinity) string {
	if fits, err := affinity.Match(node); err != nil || !fits {
		return "node(s) didn't match Pod's node affinity/selector"
	}
	counts := func(taint *corev1.Taint) bool {
		return taint.Effect == corev1.TaintEffectNoSchedule || taint.Effect == corev1.TaintEffectNoExecute
	}
	taint, found := helper.FindMatchingUntoleratedTaint(klog.Background(), node.Spec.Taints, pod.Spec.Tolerations, counts, true)
	if found {
		return fmt.Sprintf("node(s) had untolerated taint {%s: %s}", taint.Key, taint.Value)
	}
	return ""
}

// unboundVolume names a claim of a pod that is not there or not bound: such a pod waits.
func (s *scheduler) unboundVolume(ctx context.Context, pod *corev1.Pod) (string, error) {
	for _, volume := range pod.Spec.Volumes {
		name := ""
		switch {
		case volume.PersistentVolumeClaim != nil:
			name = volume.PersistentVolumeClaim.ClaimName
		case volume.Ephemeral != nil:
			name = pod.Name + "-" + volume.Name
		default:
			continue
		}
		claim, err := s.client.CoreV1().PersistentVolumeClaims(pod.Namespace).Get(ctx, name, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			return fmt.Sprintf("persistentvolumeclaim %q not found", name), nil
		}
		if err != nil {
			return "", err
		}
		if claim.Status.Phase != corev1.ClaimBound {
			return "pod has unbound immediate PersistentVolumeClaims", nil
		}
	}
	return "", nil
}
