package manifest

import (
	"reflect"
	"sort"
	"strconv"
	"strings"
)

// Change is one field that differs. Path uses dots and, for items of lists, the item's name or index in brackets.
type Change struct {
	Path string `json:"path"`
	// From and To are absent when the field did not exist.
	From *any `json:"from,omitempty"`
	To   *any `json:"to,omitempty"`
}

// Diff lists what differs between two objects, sorted by path. Lists of named items are compared by name, and other lists by
// the items that both have, so that an item more or less does not make all later items differ.
func Diff(from, to map[string]any) []Change {
	var out []Change
	diff("", from, to, &out)
	sort.SliceStable(out, func(i, j int) bool { return out[i].Path < out[j].Path })
	return out
}

func diff(path string, from, to any, out *[]Change) {
	switch a := from.(type) {
	case map[string]any:
		if b, ok := to.(map[string]any); ok {
			diffMaps(path, a, b, out)
			return
		}
	case []any:
		if b, ok := to.([]any); ok {
			diffLists(path, a, b, out)
			return
		}
	}
	if !reflect.DeepEqual(from, to) {
		*out = append(*out, Change{path, &from, &to})
	}
}

func diffMaps(path string, from, to map[string]any, out *[]Change) {
	for key, a := range from {
		if b, ok := to[key]; ok {
			diff(join(path, key), a, b, out)
		} else {
			*out = append(*out, Change{Path: join(path, key), From: &a})
		}
	}
	for key, b := range to {
		if _, ok := from[key]; !ok {
			*out = append(*out, Change{Path: join(path, key), To: &b})
		}
	}
}

func diffLists(path string, from, to []any, out *[]Change) {
	a, aNamed := byName(from)
	b, bNamed := byName(to)
	if !aNamed || !bNamed {
		diffItems(path, from, to, out)
		return
	}
	for name, i := range a {
		at := path + "[" + name + "]"
		if j, ok := b[name]; ok {
			diff(at, from[i], to[j], out)
		} else {
			*out = append(*out, Change{Path: at, From: &from[i]})
		}
	}
	for name, j := range b {
		if _, ok := a[name]; !ok {
			*out = append(*out, Change{Path: path + "[" + name + "]", To: &to[j]})
		}
	}
	if sameNames(a, b) && !sameOrder(from, to, a, b) {
		var first, second any = names(from), names(to)
		*out = append(*out, Change{path + "[order]", &first, &second})
	}
}

// byName indexes a list in which every item has a unique name.
func byName(list []any) (map[string]int, bool) {
	index := make(map[string]int, len(list))
	for i, item := range list {
		m, ok := item.(map[string]any)
		if !ok {
			return nil, false
		}
		name, ok := m["name"].(string)
		if _, twice := index[name]; !ok || twice {
			return nil, false
		}
		index[name] = i
	}
	return index, true
}

func sameNames(a, b map[string]int) bool {
	if len(a) != len(b) {
		return false
	}
	for name := range a {
		if _, ok := b[name]; !ok {
			return false
		}
	}
	return true
}

func sameOrder(from, to []any, a, b map[string]int) bool {
	for name, i := range a {
		if b[name] != i {
			return false
		}
	}
	return len(from) == len(to)
}

func names(list []any) []any {
	out := make([]any, len(list))
	for i, item := range list {
		out[i] = item.(map[string]any)["name"]
	}
	return out
}

// join adds a key to a path; keys with dots or brackets are quoted.
func join(path, key string) string {
	if strings.ContainsAny(key, ".[]\"") || key == "" {
		return path + "[" + strconv.Quote(key) + "]"
	}
	if path == "" {
		return key
	}
	return path + "." + key
}
