package manifest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"sort"

	"onebranch.dev/renderer/chart"
)

// TrackingAnnotation is how Argo CD knows later what belongs to which Application.
const TrackingAnnotation = "argocd.argoproj.io/tracking-id"

// Resource is one object as Argo CD would apply it.
type Resource struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace,omitempty"`
	Name       string `json:"name"`
	// Source is the file that made it: a template of a chart, or a file of the tree.
	Source string `json:"source,omitempty"`
	// ID identifies the manifest: equal ids, equal manifests.
	ID     string          `json:"id"`
	Object map[string]any  `json:"-"`
	JSON   json.RawMessage `json:"-"`
}

// Key identifies a resource in a cluster; versions of one group are the same resource.
func (r *Resource) Key() string {
	return groupOf(r.APIVersion) + "/" + r.Kind + "/" + r.Namespace + "/" + r.Name
}

func groupOf(apiVersion string) string { return Group(map[string]any{"apiVersion": apiVersion}) }

// Owner is the Application that manifests belong to.
type Owner struct{ Name, Namespace string }

// Build finishes documents: lists are opened, tracking metadata and namespaces are set. A resource that appears twice
// counts once, the last one; the names of such are returned too.
func Build(documents []chart.Document, owner Owner) ([]*Resource, []string, error) {
	type sourced struct {
		object map[string]any
		source string
	}
	var all []sourced
	for _, document := range documents {
		for _, object := range open(document.Object) {
			if str(object["apiVersion"]) == "" || Kind(object) == "" {
				return nil, nil, fmt.Errorf("%s makes an object without apiVersion or kind", document.Source)
			}
			all = append(all, sourced{object, document.Source})
		}
	}
	objects := make([]map[string]any, len(all))
	for i := range all {
		objects[i] = all[i].object
	}
	own := scopes(objects)
	byKey := map[string]int{}
	var out []*Resource
	var twice []string
	for i, item := range all {
		object, err := finish(item.object, owner, own)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", item.source, err)
		}
		metadata, _ := object["metadata"].(map[string]any)
		r := &Resource{
			APIVersion: str(object["apiVersion"]), Kind: Kind(object), Namespace: str(metadata["namespace"]),
			Name: str(metadata["name"]), Source: item.source, Object: object,
		}
		if r.Name == "" {
			r.Name = fmt.Sprintf("%s%d", str(metadata["generateName"]), i)
		}
		if r.JSON, err = encode(object); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", item.source, err)
		}
		sum := sha256.Sum256(r.JSON)
		r.ID = hex.EncodeToString(sum[:16])
		if at, seen := byKey[r.Key()]; seen {
			twice = append(twice, r.Key())
			out[at] = r
			continue
		}
		byKey[r.Key()] = len(out)
		out = append(out, r)
	}
	sort.Strings(twice)
	return out, twice, nil
}

// encode writes JSON with sorted keys and without escaping what only matters in HTML.
func encode(value any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimRight(out.Bytes(), "\n"), nil
}

// open returns the items of a list, the object itself otherwise; a list whose items are null is nothing.
func open(object map[string]any) []map[string]any {
	items, present := object["items"]
	if !present {
		return []map[string]any{object}
	}
	list, isList := items.([]any)
	if isList {
		var out []map[string]any
		for _, item := range list {
			if m, ok := item.(map[string]any); ok {
				out = append(out, m)
			}
		}
		return out
	}
	if items == nil && object["spec"] == nil && object["status"] == nil {
		return nil
	}
	return []map[string]any{object}
}

// finish copies what it changes of an object, for the parsed document is shared.
func finish(object map[string]any, owner Owner, own map[string]bool) (map[string]any, error) {
	group, kind := Group(object), Kind(object)
	metadata, ok := object["metadata"].(map[string]any)
	if !ok && object["metadata"] != nil {
		return nil, fmt.Errorf("%s has metadata that is not a map", kind)
	}
	out, meta := maps.Clone(object), maps.Clone(metadata)
	if meta == nil {
		meta = map[string]any{}
	}
	out["metadata"] = meta
	namespace := str(meta["namespace"])
	tracked := namespace
	if isNamespaced(own, group, kind) {
		if namespace == "" {
			namespace = owner.Namespace
			meta["namespace"] = namespace
		}
		tracked = namespace
	} else {
		delete(meta, "namespace")
		if tracked != "" {
			tracked = ""
		}
	}
	if kind == "CustomResourceDefinition" && group == "apiextensions.k8s.io" {
		return out, nil
	}
	if tracked == "" {
		tracked = owner.Namespace
	}
	annotations := map[string]any{}
	switch have := meta["annotations"].(type) {
	case nil:
	case map[string]any:
		for key, value := range have {
			if _, isText := value.(string); !isText && value != nil {
				return nil, fmt.Errorf("%s %s: the annotation %s is a %T, not a text: quote it", kind, str(meta["name"]), key, value)
			}
			if value == nil {
				value = ""
			}
			annotations[key] = value
		}
	default:
		return nil, fmt.Errorf("%s %s: annotations are a %T, not a map", kind, str(meta["name"]), have)
	}
	annotations[TrackingAnnotation] = fmt.Sprintf("%s:%s/%s:%s/%s", owner.Name, group, kind, tracked, str(meta["name"]))
	meta["annotations"] = annotations
	return out, nil
}
