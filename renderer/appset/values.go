package appset

import (
	"fmt"
	"sort"
	"strconv"
)

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// flatten joins the keys of nested maps and lists with dots. Lists of another type than JSON's are not opened, so that
// `path.segments` stays a single value, as it does in Argo CD.
func flatten(params map[string]any) map[string]string {
	flat := make(map[string]string, len(params)*2)
	for key, value := range params {
		flattenInto(flat, key, value)
	}
	return flat
}

func flattenInto(flat map[string]string, prefix string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for key, item := range v {
			flattenInto(flat, prefix+"."+key, item)
		}
	case map[string]string:
		for key, item := range v {
			flat[prefix+"."+key] = item
		}
	case []any:
		for i, item := range v {
			flattenInto(flat, prefix+"."+strconv.Itoa(i), item)
		}
	default:
		flat[prefix] = fmt.Sprintf("%v", v)
	}
}

// deepCopy copies JSON maps and lists. Other values are shared, since they are never changed in place.
func deepCopy(value any) any {
	switch v := value.(type) {
	case map[string]any:
		return copyParams(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = deepCopy(v[i])
		}
		return out
	default:
		return value
	}
}

func copyParams(params map[string]any) map[string]any {
	out := make(map[string]any, len(params))
	for key, value := range params {
		out[key] = deepCopy(value)
	}
	return out
}

// fill adds to dest the keys that it lacks: a generator's own template wins, the ApplicationSet's fills the gaps.
func fill(dest, from map[string]any) {
	for key, value := range from {
		have, ok := dest[key]
		if !ok || isEmpty(have) {
			dest[key] = deepCopy(value)
			continue
		}
		if inner, isMap := have.(map[string]any); isMap {
			if more, isMap := value.(map[string]any); isMap {
				fill(inner, more)
			}
		}
	}
}

func isEmpty(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case bool:
		return !v
	case float64:
		return v == 0
	case int64:
		return v == 0
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	default:
		return false
	}
}
