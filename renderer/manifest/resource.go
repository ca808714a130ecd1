package manifest

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
)

// TrackingAnnotation is how Argo CD knows later what belongs to which Application.
const TrackingAnnotation = "argocd.argoproj.io/tracking-id"

// Resource is one object as Argo CD would apply it.
type Resource struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace,omitempty"`
	Name       string `json:"name"`
	// Source is the file that it comes from: a template of a chart, or a file of the tree.
	Source string `json:"source,omitempty"`

	object func() map[string]any
	// Resources from the cache have their manifest as JSON in kept.
	kept    bool
	encoded func() (id string, text []byte)
}

// Object is the manifest. It is shared by everything that has the resource, so it must not be changed.
func (r *Resource) Object() map[string]any { return r.object() }

// ID identifies the manifest: equal ids, equal manifests.
func (r *Resource) ID() string {
	id, _ := r.encoded()
	return id
}

// JSON is the manifest with sorted keys.
func (r *Resource) JSON() json.RawMessage {
	_, text := r.encoded()
	return text
}

// MarshalJSON writes everything except the manifest itself.
func (r *Resource) MarshalJSON() ([]byte, error) {
	type plain Resource
	return json.Marshal(struct {
		*plain
		ID string `json:"id"`
	}{(*plain)(r), r.ID()})
}

// Same reports whether two resources are equal, if possible without encoding them.
func (r *Resource) Same(other *Resource) bool {
	if r == other {
		return true
	}
	if r.kept || other.kept {
		return bytes.Equal(r.JSON(), other.JSON())
	}
	return reflect.DeepEqual(r.Object(), other.Object())
}

// Key identifies a resource in a cluster; versions of one group are the same resource.
func (r *Resource) Key() string {
	return groupOf(r.APIVersion) + "/" + r.Kind + "/" + r.Namespace + "/" + r.Name
}

// anyName stands for what the name of an object ends with when it is only known at the sync.
const anyName = "*"

// IsGenerated reports whether an object has no name of its own (`generateName`): each sync makes another one, so equal names
// do not mean the same object.
func (r *Resource) IsGenerated() bool {
	if !strings.HasSuffix(r.Name, anyName) {
		return false
	}
	// The names of some kinds may contain any character.
	metadata, _ := r.Object()["metadata"].(map[string]any)
	return str(metadata["name"]) == ""
}

func groupOf(apiVersion string) string { return Group(map[string]any{"apiVersion": apiVersion}) }
