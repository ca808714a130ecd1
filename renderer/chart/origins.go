package chart

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common/util"
	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
)

// Origin is a value and the place where it was written.
type Origin struct {
	Value any `json:"value"`
	// Layer is an index into the list of layers.
	Layer int `json:"layer"`
	Line  int `json:"line"`
}

// Explained is one value that templates see or, in the list of removed ones, a null that removed a value.
type Explained struct {
	Path []string `json:"path"`
	Origin
	// Overrides are the overridden values, nearest first.
	Overrides []Origin `json:"overrides"`
}

// Explanation says where all values of a chart come from.
type Explanation struct {
	// Layers are in order; later ones win.
	Layers  []Layer     `json:"layers"`
	Values  []Explained `json:"values"`
	Removed []Explained `json:"removed"`
	// Disabled are the subcharts that these values switch off, by their names in the values.
	Disabled []string `json:"disabled"`
}

// Explain finds the origin of every value. It asks Helm itself: each value of each layer is replaced by a mark, Helm
// merges the marks, and the marks in the result show which layers won. Then Helm merges again without the winning layers,
// which shows what they overrode. values is the result of the layers; dir is the chart's own place, which the names of
// its files start with.
func (p *Prepared) Explain(dir string, layers []Layer, values map[string]any) (*Explanation, error) {
	processed := clone(p.chart)
	if err := chartutil.ProcessDependencies(processed, values); err != nil {
		return nil, fmt.Errorf("chart dependencies processing failed: %w", err)
	}
	final, err := util.CoalesceValues(processed, values)
	if err != nil {
		return nil, err
	}
	defaults, of := defaultsOf(p.chart, dir)
	t := &tracer{
		layers: append(defaults, layers...), chart: p.chart, processed: processed, of: of,
		runs: map[string]map[string]any{}, lines: map[int]*Lines{},
	}
	t.prefixes = make([][][]string, len(t.layers))
	t.findPrefixes(processed, p.chart, nil)
	for i := len(defaults); i < len(t.layers); i++ {
		t.prefixes[i] = [][]string{nil}
	}
	for i, layer := range t.layers {
		t.marked = append(t.marked, t.mark(i, layer.Values, nil))
	}
	out := &Explanation{Layers: t.layers, Values: []Explained{}, Removed: []Explained{}, Disabled: disabled(p.chart, processed, "")}
	if err := t.explain(final, out); err != nil {
		return nil, err
	}
	return out, nil
}

func (t *tracer) explain(final map[string]any, out *Explanation) error {
	all, err := t.run(nil)
	if err != nil {
		return err
	}
	var walk func(values map[string]any, at []string) error
	walk = func(values map[string]any, at []string) error {
		for _, key := range sortedKeys(values) {
			here := append(slices.Clone(at), key)
			if inner, isMap := values[key].(map[string]any); isMap && len(inner) > 0 {
				if err := walk(inner, here); err != nil {
					return err
				}
				continue
			}
			chain, err := t.chain(here)
			if err != nil {
				return err
			}
			if len(chain) == 0 {
				// Helm itself creates some empty mappings, such as `global`.
				continue
			}
			if value, known := lookup(final, here); known {
				chain[0].Value = value
			}
			out.Values = append(out.Values, Explained{here, chain[0], chain[1:]})
		}
		return nil
	}
	if err := walk(all, nil); err != nil {
		return err
	}
	return t.explainRemoved(all, out)
}

// explainRemoved finds the nulls that removed something.
func (t *tracer) explainRemoved(all map[string]any, out *Explanation) error {
	seen := map[string]bool{}
	for layer := range t.layers {
		var walk func(values map[string]any, at []string) error
		walk = func(values map[string]any, at []string) error {
			for _, key := range sortedKeys(values) {
				here := append(slices.Clone(at), key)
				if inner, isMap := values[key].(map[string]any); isMap {
					if err := walk(inner, here); err != nil {
						return err
					}
				}
				name := strings.Join(here, "\x00")
				if values[key] != nil || seen[name] || covered(all, here) {
					continue
				}
				seen[name] = true
				chain, err := t.chain(here)
				if err != nil {
					return err
				}
				if len(chain) > 1 && slices.ContainsFunc(chain, func(s Origin) bool { return s.Value != nil }) {
					out.Removed = append(out.Removed, Explained{here, chain[0], chain[1:]})
				}
			}
			return nil
		}
		for _, prefix := range t.prefixes[layer] {
			if err := walk(t.marked[layer], prefix); err != nil {
				return err
			}
		}
	}
	slices.SortFunc(out.Removed, func(a, b Explained) int { return slices.Compare(a.Path, b.Path) })
	return nil
}

// covered reports whether there is a value at a path, or a value above it that is not a mapping.
func covered(values map[string]any, path []string) bool {
	for i, key := range path {
		value, given := values[key]
		if !given {
			return false
		}
		inner, isMap := value.(map[string]any)
		if !isMap || i == len(path)-1 {
			return true
		}
		values = inner
	}
	return false
}

// chain returns what sets a value, then what would set it otherwise, and so on.
func (t *tracer) chain(path []string) ([]Origin, error) {
	var out []Origin
	without := map[int]bool{}
	for range t.layers {
		result, err := t.run(without)
		if err != nil {
			return nil, err
		}
		origin, shown := t.originAt(result, path, without)
		if origin == nil {
			return out, nil
		}
		if shown || len(out) == 0 {
			out = append(out, *origin)
		}
		without[origin.Layer] = true
	}
	return out, nil
}

// disabled lists the dependencies in charts/ that conditions or tags switch off.
func disabled(from, processed *chartv2.Chart, prefix string) []string {
	out := []string{}
	enabled := map[string]*chartv2.Chart{}
	for _, child := range processed.Dependencies() {
		enabled[child.Name()] = child
	}
	for _, entry := range from.Metadata.Dependencies {
		if entry != nil && enabled[cmp.Or(entry.Alias, entry.Name)] == nil {
			out = append(out, prefix+cmp.Or(entry.Alias, entry.Name))
		}
	}
	for _, name := range sortedKeys(enabled) {
		if source, _ := original(from, name); source != nil {
			out = append(out, disabled(source, enabled[name], prefix+name+".")...)
		}
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for key := range m {
		out = append(out, key)
	}
	slices.Sort(out)
	return out
}
