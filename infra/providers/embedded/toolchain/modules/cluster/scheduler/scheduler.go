// Package scheduler gives pods a node in a cluster whose one node takes everything. It takes the place of kube-scheduler, which
// costs the build half a minute. It keeps pods waiting for what is missing, as kube-scheduler does: a node that fits their
// selector, affinity and tolerations, and volumes that are bound. It counts no resources, spreads nothing and preempts nobody.
package scheduler

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"
)

// Pods that nothing fits are looked at again after a while: what they wait for may come without a change of theirs.
const (
	firstPause = 200 * time.Millisecond
	lastPause  = 5 * time.Second
)

type scheduler struct {
	client kubernetes.Interface
	pods   cache.SharedIndexInformer
	nodes  cache.SharedIndexInformer
	queue  workqueue.TypedRateLimitingInterface[string]
}

// Run schedules until the context ends.
func Run(ctx context.Context, client kubernetes.Interface) error {
	unassigned := informers.NewSharedInformerFactoryWithOptions(client, 0,
		informers.WithTweakListOptions(func(options *metav1.ListOptions) {
			options.FieldSelector = fields.OneTermEqualSelector("spec.nodeName", "").String()
		}))
	all := informers.NewSharedInformerFactory(client, 0)
	limiter := workqueue.NewTypedItemExponentialFailureRateLimiter[string](firstPause, lastPause)
	s := &scheduler{
		client: client,
		pods:   unassigned.Core().V1().Pods().Informer(),
		nodes:  all.Core().V1().Nodes().Informer(),
		queue:  workqueue.NewTypedRateLimitingQueue(limiter),
	}
	defer s.queue.ShutDown()
	if err := s.watch(); err != nil {
		return err
	}
	unassigned.Start(ctx.Done())
	all.Start(ctx.Done())
	if !cache.WaitForCacheSync(ctx.Done(), s.pods.HasSynced, s.nodes.HasSynced) {
		return ctx.Err()
	}
	go s.work(ctx)
	<-ctx.Done()
	return nil
}

func (s *scheduler) watch() error {
	add := func(object any) {
		if key, err := cache.MetaNamespaceKeyFunc(object); err == nil {
			s.queue.Add(key)
		}
	}
	_, err := s.pods.AddEventHandler(cache.ResourceEventHandlerFuncs{AddFunc: add, UpdateFunc: func(_, pod any) { add(pod) }})
	if err != nil {
		return err
	}
	// A node that came, or became ready, may be what pods wait for.
	again := func(any) {
		for _, pod := range s.pods.GetStore().List() {
			add(pod)
		}
	}
	_, err = s.nodes.AddEventHandler(cache.ResourceEventHandlerFuncs{AddFunc: again, UpdateFunc: func(before, after any) {
		if differ(before.(*corev1.Node), after.(*corev1.Node)) {
			again(after)
		}
	}})
	return err
}

func (s *scheduler) work(ctx context.Context) {
	for {
		key, ended := s.queue.Get()
		if ended {
			return
		}
		if done, err := s.schedule(ctx, key); err != nil || !done {
			if err != nil {
				fmt.Printf("%s: %v\n", key, err)
			}
			s.queue.AddRateLimited(key)
		} else {
			s.queue.Forget(key)
		}
		s.queue.Done(key)
	}
}

// schedule binds a pod, or says why it has to wait.
func (s *scheduler) schedule(ctx context.Context, key string) (done bool, err error) {
	object, exists, err := s.pods.GetStore().GetByKey(key)
	if err != nil || !exists {
		return true, err
	}
	pod := object.(*corev1.Pod)
	if !isOurs(pod) {
		return true, nil
	}
	nodes := make([]*corev1.Node, 0, 1)
	for _, node := range s.nodes.GetStore().List() {
		nodes = append(nodes, node.(*corev1.Node))
	}
	reason, err := s.unboundVolume(ctx, pod)
	if err != nil {
		return false, err
	}
	node := ""
	if reason == "" {
		node, reason = choose(pod, nodes)
	}
	if node == "" {
		return false, s.wait(ctx, pod, reason)
	}
	target := corev1.ObjectReference{Kind: "Node", Name: node}
	meta := metav1.ObjectMeta{Namespace: pod.Namespace, Name: pod.Name, UID: pod.UID}
	err = s.client.CoreV1().Pods(pod.Namespace).Bind(ctx, &corev1.Binding{ObjectMeta: meta, Target: target}, metav1.CreateOptions{})
	// It has gone, or somebody else has bound it.
	if apierrors.IsNotFound(err) || apierrors.IsConflict(err) {
		return true, nil
	}
	return err == nil, err
}

// wait writes into the pod why it has no node, once for each reason.
func (s *scheduler) wait(ctx context.Context, pod *corev1.Pod, reason string) error {
	for _, condition := range pod.Status.Conditions {
		if condition.Type == corev1.PodScheduled && condition.Message == reason {
			return nil
		}
	}
	patch, err := json.Marshal(map[string]any{"status": map[string]any{"conditions": []corev1.PodCondition{{
		Type:               corev1.PodScheduled,
		Status:             corev1.ConditionFalse,
		Reason:             corev1.PodReasonUnschedulable,
		Message:            reason,
		LastTransitionTime: metav1.Now(),
	}}}})
	if err != nil {
		return err
	}
	pods := s.client.CoreV1().Pods(pod.Namespace)
	_, err = pods.Patch(ctx, pod.Name, types.StrategicMergePatchType, patch, metav1.PatchOptions{}, "status")
	if err != nil {
		return ignoreNotFound(err)
	}
	return ignoreNotFound(s.tell(ctx, pod, reason))
}

// tell makes the event that `kubectl describe` shows.
func (s *scheduler) tell(ctx context.Context, pod *corev1.Pod, reason string) error {
	now := metav1.Now()
	event := &corev1.Event{
		ObjectMeta:     metav1.ObjectMeta{Namespace: pod.Namespace, GenerateName: pod.Name + "."},
		InvolvedObject: corev1.ObjectReference{APIVersion: "v1", Kind: "Pod", Namespace: pod.Namespace, Name: pod.Name, UID: pod.UID},
		Reason:         "FailedScheduling",
		Message:        reason,
		Type:           corev1.EventTypeWarning,
		Source:         corev1.EventSource{Component: corev1.DefaultSchedulerName},
		FirstTimestamp: now,
		LastTimestamp:  now,
		Count:          1,
	}
	_, err := s.client.CoreV1().Events(pod.Namespace).Create(ctx, event, metav1.CreateOptions{})
	return err
}

func ignoreNotFound(err error) error {
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}
