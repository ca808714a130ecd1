package chart

import (
	"fmt"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common/util"
	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
)

// mark stands in for a value: Helm passes it on as it would pass on a number.
type mark int

type marked struct {
	layer int
	path  []string
	value any
}

type tracer struct {
	layers []Layer
	// prefixes are the paths in the whole chart's values to which a layer applies; several for a chart with aliases.
	prefixes [][][]string
	marked   []map[string]any
	marks    []marked

	chart, processed *chartv2.Chart
	of               map[*chartv2.Chart]int

	imports []imported

	runs  map[string]map[string]any
	lines map[int]*Lines
}

func (t *tracer) mark(layer int, values map[string]any, at []string) map[string]any {
	out := make(map[string]any, len(values))
	for key, value := range values {
		here := append(slices.Clone(at), key)
		switch v := value.(type) {
		case nil:
			out[key] = nil
		case map[string]any:
			out[key] = t.mark(layer, v, here)
		default:
			out[key] = mark(len(t.marks))
			t.marks = append(t.marks, marked{layer, here, value})
		}
	}
	return out
}

// original returns the chart that a dependency of the processed chart came from, and its entry in Chart.yaml.
func original(parent *chartv2.Chart, name string) (*chartv2.Chart, *chartv2.Dependency) {
	for _, entry := range parent.Metadata.Dependencies {
		if entry == nil || entry.Name != name && entry.Alias != name || entry.Alias != "" && entry.Alias != name {
			continue
		}
		for _, child := range parent.Dependencies() {
			if child.Name() == entry.Name && chartutil.IsCompatibleRange(entry.Version, child.Metadata.Version) {
				return child, entry
			}
		}
	}
	for _, child := range parent.Dependencies() {
		if child.Name() == name {
			return child, nil
		}
	}
	return nil, nil
}

func (t *tracer) findPrefixes(processed, from *chartv2.Chart, at []string) {
	layer := t.of[from]
	t.prefixes[layer] = append(t.prefixes[layer], at)
	for _, child := range processed.Dependencies() {
		source, entry := original(from, child.Name())
		if source == nil {
			continue
		}
		inside := append(slices.Clone(at), child.Name())
		t.findPrefixes(child, source, inside)
		if entry != nil {
			t.imports = append(t.imports, importsOf(entry, at, inside)...)
		}
	}
}

// mirror copies the processed chart with marks as its defaults. Conditions and tags read real values. They have already
// been evaluated, and are therefore removed.
func (t *tracer) mirror(processed, from *chartv2.Chart, without map[int]bool) *chartv2.Chart {
	out, metadata := *from, *from.Metadata
	metadata.Name = processed.Name()
	metadata.Dependencies = nil
	if from.Metadata.Dependencies != nil {
		metadata.Dependencies = []*chartv2.Dependency{}
	}
	out.Metadata = &metadata
	out.Values = map[string]any{}
	if layer := t.of[from]; !without[layer] {
		out.Values = copyMap(t.marked[layer])
	}
	out.SetDependencies()
	for _, child := range processed.Dependencies() {
		source, entry := original(from, child.Name())
		if source == nil {
			continue
		}
		if entry != nil {
			settled := *entry
			settled.Name, settled.Alias, settled.Condition, settled.Tags = child.Name(), "", "", nil
			metadata.Dependencies = append(metadata.Dependencies, &settled)
		}
		out.AddDependency(t.mirror(child, source, without))
	}
	return &out
}

// run returns what Helm makes of the marks of all layers except some.
func (t *tracer) run(without map[int]bool) (map[string]any, error) {
	key := strings.Builder{}
	for layer := range t.layers {
		if without[layer] {
			fmt.Fprint(&key, layer, " ")
		}
	}
	if known, ok := t.runs[key.String()]; ok {
		return known, nil
	}
	merged := map[string]any{}
	for layer, values := range t.marked {
		if !without[layer] && t.layers[layer].Kind != "chart" {
			merged = MergeValues(merged, values)
		}
	}
	chart := t.mirror(t.processed, t.chart, without)
	if err := chartutil.ProcessDependencies(chart, merged); err != nil {
		return nil, err
	}
	result, err := util.CoalesceValues(chart, merged)
	if err != nil {
		return nil, err
	}
	t.runs[key.String()] = result
	return result, nil
}

func (t *tracer) resolve(value any) any {
	switch v := value.(type) {
	case mark:
		return t.marks[v].value
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, item := range v {
			out[key] = t.resolve(item)
		}
		return out
	default:
		return value
	}
}
