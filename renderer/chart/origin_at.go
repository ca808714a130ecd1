package chart

import (
	"fmt"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
)

// originAt finds what decides the value at a path: a value there or above, the highest layer of a mapping, or a null. The
// second result is false for a mapping without entries, which overrides nothing.
func (t *tracer) originAt(result map[string]any, path []string, without map[int]bool) (*Origin, bool) {
	var value any = result
	for depth := 0; ; depth++ {
		if m, isMark := value.(mark); isMark {
			return t.originOf(m, 0), true
		}
		inner, isMap := value.(map[string]any)
		if depth == len(path) || !isMap {
			break
		}
		next, given := inner[path[depth]]
		if value = next; !given {
			break
		}
	}
	if inner, isMap := value.(map[string]any); isMap {
		if top := t.highest(inner, 0); top != nil {
			origin := t.originOf(top.mark, top.depth)
			origin.Value = t.resolve(inner)
			return origin, true
		}
		return t.written(path, without, func(value any) bool { m, isMap := value.(map[string]any); return isMap && len(m) == 0 }), false
	}
	return t.written(path, without, func(value any) bool { return value == nil }), true
}

// written finds the highest layer whose own file has a fitting value at a path, above it, or at a path that Helm copies
// from.
func (t *tracer) written(path []string, without map[int]bool, fits func(value any) bool) *Origin {
	const most = 32
	candidates := [][]string{path}
	for i := 0; i < len(candidates) && i < most; i++ {
		if found := t.writtenAt(candidates[i], without, fits); found != nil {
			return found
		}
		candidates = append(candidates, t.copiedFrom(candidates[i])...)
	}
	return nil
}

// copiedFrom lists where Helm may have copied a value from: a chart gets the `global` values of its parent charts, and
// imports values of its subcharts.
func (t *tracer) copiedFrom(path []string) [][]string {
	out := [][]string{}
	for i, key := range path {
		if key != common.GlobalKey {
			continue
		}
		for around := range i {
			out = append(out, append(slices.Clone(path[:around]), path[i:]...))
		}
	}
	for _, copied := range t.imports {
		if len(path) > len(copied.to) && slices.Equal(path[:len(copied.to)], copied.to) {
			out = append(out, append(slices.Clone(copied.from), path[len(copied.to):]...))
		}
	}
	return out
}

// imported is one effect of `import-values` in a dependency: values are copied from one path to another.
type imported struct{ from, to []string }

func importsOf(entry *chartv2.Dependency, parent, child []string) []imported {
	out := []imported{}
	add := func(from, to string) {
		i := imported{from: append(slices.Clone(child), strings.Split(from, ".")...), to: slices.Clone(parent)}
		if to != "." {
			i.to = append(i.to, strings.Split(to, ".")...)
		}
		out = append(out, i)
	}
	for _, value := range entry.ImportValues {
		switch v := value.(type) {
		case map[string]any:
			add(fmt.Sprint(v["child"]), fmt.Sprint(v["parent"]))
		case string:
			add("exports."+v, ".")
		}
	}
	return out
}

func (t *tracer) writtenAt(path []string, without map[int]bool, fits func(value any) bool) *Origin {
	for layer := len(t.layers) - 1; layer >= 0; layer-- {
		if without[layer] {
			continue
		}
		for _, prefix := range t.prefixes[layer] {
			if len(path) <= len(prefix) || !slices.Equal(path[:len(prefix)], prefix) {
				continue
			}
			rest := path[len(prefix):]
			values := t.layers[layer].Values
			for i, key := range rest {
				value, given := values[key]
				if !given {
					break
				}
				inner, isMap := value.(map[string]any)
				if fits(value) && (!isMap || i == len(rest)-1) {
					return &Origin{value, layer, t.line(layer, rest[:i+1])}
				}
				values = inner
			}
		}
	}
	return nil
}

type deepMark struct {
	mark  mark
	depth int
}

func (t *tracer) highest(values map[string]any, depth int) *deepMark {
	var top *deepMark
	for _, key := range sortedKeys(values) {
		var found *deepMark
		switch v := values[key].(type) {
		case mark:
			found = &deepMark{v, depth + 1}
		case map[string]any:
			found = t.highest(v, depth+1)
		}
		if found != nil && (top == nil || t.marks[found.mark].layer > t.marks[top.mark].layer) {
			top = found
		}
	}
	return top
}

// originOf returns where a mark was made, or where the mapping that is `above` levels above it is written.
func (t *tracer) originOf(m mark, above int) *Origin {
	at := t.marks[m]
	return &Origin{at.value, at.layer, t.line(at.layer, at.path[:max(1, len(at.path)-above)])}
}

func (t *tracer) line(layer int, path []string) int {
	if t.layers[layer].Text == nil {
		return 1
	}
	known := t.lines[layer]
	if known == nil {
		known = NewLines(t.layers[layer].Text)
		t.lines[layer] = known
	}
	return known.Of(path)
}

func lookup(values map[string]any, path []string) (any, bool) {
	var value any = values
	for _, key := range path {
		inner, isMap := value.(map[string]any)
		if !isMap {
			return nil, false
		}
		next, given := inner[key]
		if !given {
			return nil, false
		}
		value = next
	}
	return value, true
}
