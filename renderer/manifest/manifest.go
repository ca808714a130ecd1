package manifest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"

	"onebranch.dev/renderer/chart"
)

// Owner is the Application that manifests belong to.
type Owner struct{ Name, Namespace string }

// finished caches the resources of equal documents with equal owners: most documents of a fleet are the same in many
// clusters.
var finished = struct {
	sync.RWMutex
	made  map[finishedKey][]*Resource
	bytes int
}{made: map[finishedKey][]*Resource{}}

type finishedKey struct {
	owner        Owner
	source, text string
}

// maxFinished bounds the texts kept in `finished`.
const maxFinished = 16 << 20

// Repeated is a resource that one Application makes more than once: Argo CD applies the last one and warns
// (RepeatedResourceWarning).
type Repeated struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace,omitempty"`
	Name       string `json:"name"`
	// Sources are the files that make it; the last one wins.
	Sources []string `json:"sources"`
}

// Built is what the documents of one Application turn into.
type Built struct {
	// Resources are what Argo CD applies.
	Resources []*Resource
	// Unapplied are handed to Argo CD too, but no phase of its syncs applies them.
	Unapplied []*Resource
	Repeated  []*Repeated
}

// Build finishes documents: lists are unpacked, tracking metadata and namespaces are set. If a resource appears more than
// once, the last one counts.
func Build(documents []chart.Document, owner Owner) (*Built, error) {
	objects := make([]map[string]any, len(documents))
	for i := range documents {
		objects[i] = documents[i].Object
	}
	own := scopes(objects)
	byKey := map[string]int{}
	var all []*Resource
	repeated := map[string]*Repeated{}
	for _, document := range documents {
		made, err := resources(document, owner, own)
		if err != nil {
			return nil, err
		}
		for _, r := range made {
			key := r.Key()
			if r.Name == "" {
				// Argo CD gives them a key by their place, so that they are never the same resource.
				metadata, _ := r.Object()["metadata"].(map[string]any)
				prefix := str(metadata["generateName"])
				key += fmt.Sprintf("%s%d", prefix, len(all))
				named := *r
				named.Name = prefix + anyName
				r = &named
			}
			at, seen := byKey[key]
			if !seen {
				byKey[key] = len(all)
				all = append(all, r)
				continue
			}
			if repeated[key] == nil {
				repeated[key] = &Repeated{r.APIVersion, r.Kind, r.Namespace, r.Name, []string{all[at].Source}}
			}
			repeated[key].Sources = append(repeated[key].Sources, r.Source)
			all[at] = r
		}
	}
	// Argo CD picks the last one before it looks at hooks.
	out := &Built{}
	for _, r := range all {
		if fateOf(r.Object()) == applied {
			out.Resources = append(out.Resources, r)
		} else {
			out.Unapplied = append(out.Unapplied, r)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(repeated)) {
		out.Repeated = append(out.Repeated, repeated[key])
	}
	return out, nil
}

// resources finishes one document.
func resources(document chart.Document, owner Owner, own map[string]bool) ([]*Resource, error) {
	key := finishedKey{owner, document.Source, document.Text}
	// When the chart has CRDs of its own, they decide what is namespaced. The result then depends on more than the
	// document.
	shared := len(own) == 0 && document.Text != ""
	if shared {
		finished.RLock()
		made, ok := finished.made[key]
		finished.RUnlock()
		if ok {
			return made, nil
		}
	}
	var out []*Resource
	for _, item := range open(document.Object) {
		// An object without apiVersion is handed on, as repo-server does; only the API server refuses it.
		if Kind(item) == "" {
			return nil, fmt.Errorf("%s makes an object without kind", document.Source)
		}
		object, err := finish(item, owner, own)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", document.Source, err)
		}
		metadata, _ := object["metadata"].(map[string]any)
		out = append(out, &Resource{
			APIVersion: str(object["apiVersion"]), Kind: Kind(object), Namespace: str(metadata["namespace"]),
			Name: str(metadata["name"]), Source: document.Source,
			object:  func() map[string]any { return object },
			encoded: sync.OnceValues(func() (string, []byte) { return encode(object) }),
		})
	}
	if shared {
		finished.Lock()
		if finished.bytes += len(document.Text); finished.bytes > maxFinished {
			finished.made, finished.bytes = map[finishedKey][]*Resource{}, len(document.Text)
		}
		finished.made[key] = out
		finished.Unlock()
	}
	return out, nil
}

// encode writes JSON with sorted keys and without HTML escapes, and returns its hash too.
func encode(value any) (string, []byte) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	// The value was read from YAML or JSON, so it can be written.
	_ = encoder.Encode(value)
	text := bytes.TrimRight(out.Bytes(), "\n")
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16]), text
}

// open returns the items of a list, or the object itself if it is not a list. A list whose items are null has none.
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

// finish copies the parts of an object that it changes, because the parsed document is shared.
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
		// Argo CD drops the namespace when it applies the object, but only after it wrote the annotation.
		delete(meta, "namespace")
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
