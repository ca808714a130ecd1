// Package podsecurity holds pods against the Pod Security Standards, with the checks of the API server itself.
package podsecurity

import (
	"encoding/json"
	"fmt"
	"sync"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

var evaluator = sync.OnceValues(func() (policy.Evaluator, error) { return policy.NewEvaluator(policy.DefaultChecks(), nil) })

// Level is a level of the standards, in a minor version of Kubernetes such as 1.36.
type Level struct {
	Level   string `json:"level"`
	Version string `json:"version"`
}

// Refusal is why a namespace of a level refuses the pods of an object, as JSON. It is empty for pods that it admits, and for
// objects that make no pods.
func (l Level) Refusal(object json.RawMessage) (string, error) {
	level, err := api.ParseLevel(l.Level)
	if err != nil {
		return "", err
	}
	version, err := api.ParseVersion("v" + l.Version)
	if err != nil {
		return "", err
	}
	checks, err := evaluator()
	if err != nil {
		return "", err
	}
	pod, err := podOf(object)
	if err != nil || pod == nil {
		return "", err
	}
	results := checks.EvaluatePod(api.LevelVersion{Level: level, Version: version}, &pod.ObjectMeta, &pod.Spec)
	if all := policy.AggregateCheckResults(results); !all.Allowed {
		return all.ForbiddenDetail(), nil
	}
	return "", nil
}

// maker is the part of a workload that makes pods.
type maker struct {
	Spec struct {
		Template    *corev1.PodTemplateSpec `json:"template"`
		JobTemplate struct {
			Spec struct {
				Template *corev1.PodTemplateSpec `json:"template"`
			} `json:"spec"`
		} `json:"jobTemplate"`
	} `json:"spec"`
}

// kinds are those that are pods, or make some; the tool has the same list (cli/tree/kubernetes/pod-makers.ts).
var kinds = map[string]bool{
	"/Pod": true, "/ReplicationController": true,
	"apps/Deployment": true, "apps/StatefulSet": true, "apps/DaemonSet": true, "apps/ReplicaSet": true,
	"batch/Job": true, "batch/CronJob": true,
	"argoproj.io/Rollout": true,
}

func podOf(object json.RawMessage) (*corev1.PodTemplateSpec, error) {
	var found metav1.TypeMeta
	if err := json.Unmarshal(object, &found); err != nil {
		return nil, err
	}
	if kind := found.GroupVersionKind(); !kinds[kind.Group+"/"+kind.Kind] {
		return nil, nil
	}
	if found.Kind == "Pod" {
		template := &corev1.PodTemplateSpec{}
		return template, read(found.Kind, object, template)
	}
	var workload maker
	if err := read(found.Kind, object, &workload); err != nil {
		return nil, err
	}
	if found.Kind == "CronJob" {
		return workload.Spec.JobTemplate.Spec.Template, nil
	}
	return workload.Spec.Template, nil
}

func read(kind string, object json.RawMessage, into any) error {
	if err := json.Unmarshal(object, into); err != nil {
		return fmt.Errorf("the pods of this %s cannot be read: %w", kind, err)
	}
	return nil
}
