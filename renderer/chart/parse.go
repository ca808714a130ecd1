package chart

import (
	"fmt"
	"sync"
)

// parsed caches the objects of documents: most documents of a fleet are equal in many clusters.
var parsed = struct {
	sync.RWMutex
	objects map[string]map[string]any
	bytes   int
}{objects: map[string]map[string]any{}}

// maxParsed bounds the texts kept in `parsed`.
const maxParsed = 16 << 20

// parseDocument reads one document into JSON types, whole numbers as int64, as the Kubernetes client does.
func parseDocument(text string) (map[string]any, error) {
	parsed.RLock()
	object, ok := parsed.objects[text]
	parsed.RUnlock()
	if ok {
		return object, nil
	}
	object, err := parseNew(text)
	if err != nil {
		return nil, err
	}
	parsed.Lock()
	if parsed.bytes += len(text); parsed.bytes > maxParsed {
		parsed.objects, parsed.bytes = map[string]map[string]any{}, len(text)
	}
	parsed.objects[text] = object
	parsed.Unlock()
	return object, nil
}

func parseNew(text string) (map[string]any, error) {
	value, err := decodeObject(text)
	if err != nil {
		return nil, err
	}
	switch v := value.(type) {
	case map[string]any:
		return v, nil
	case nil:
		return map[string]any{}, nil
	default:
		return nil, fmt.Errorf("the document is a %T, not a Kubernetes object", value)
	}
}
