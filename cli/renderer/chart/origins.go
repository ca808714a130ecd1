package chart

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
)

// Setting is a value and where it was written.
type Setting struct {
	Value any `json:"value"`
	// Layer is the place in the list of layers.
	Layer int `json:"layer"`
	Line  int `json:"line"`
}

// Explained is one value that templates see, or, among the removed ones, a null that took a value away.
type Explained struct {
	Path []string `json:"path"`
	Setting
	// Overrides are the settings that lost, nearest first.
	Overrides []Setting `json:"overrides"`
}

// Explanation says where all values of a chart come from.
type Explanation struct {
	// Layers are in order, later ones win.
	Layers  []Layer     `json:"layers"`
	Values  []Explained `json:"values"`
	Removed []Explained `json:"removed"`
	// Disabled are the charts inside that these values switch off, by their names in the values.
	Disabled []string `json:"disabled"`
}

// Explain finds the origin of every value. It asks Helm itself: each value of each layer is replaced by a mark, Helm
// merges the marks, and those that come out say which layer won. Without the winning layers Helm is asked again, which
// gives what they overrode. values is what the layers make; dir is the chart's own place, for the names of its files.
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

// mark stands for a value: Helm hands it on as it would a number.
type mark int

type marked struct {
	layer int
	path  []string
	value any
}

type tracer struct {
	layers []Layer
	// prefixes are where in the values of the whole chart a layer applies: several times for a chart with aliases.
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

// original is the chart that a dependency of the processed chart came from, and what Chart.yaml says of it.
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

// mirror is the processed chart again, with marks as its defaults; conditions and tags, which read real values, are
// settled and therefore gone.
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

// run is what Helm makes of the marks of all layers but some.
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
				// Helm itself makes empty mappings, such as `global`.
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

// explainRemoved finds the nulls that took something away.
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
				if len(chain) > 1 && slices.ContainsFunc(chain, func(s Setting) bool { return s.Value != nil }) {
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

// covered tells whether there is a value at a path, or one above it that is no mapping.
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

// chain is what sets a value, and what would if that did not, and so on.
func (t *tracer) chain(path []string) ([]Setting, error) {
	var out []Setting
	without := map[int]bool{}
	for range t.layers {
		result, err := t.run(without)
		if err != nil {
			return nil, err
		}
		setting, shown := t.settingAt(result, path, without)
		if setting == nil {
			return out, nil
		}
		if shown || len(out) == 0 {
			out = append(out, *setting)
		}
		without[setting.Layer] = true
	}
	return out, nil
}

// settingAt finds who decides what is at a path: a value there or above, the highest layer of a mapping, or a null.
// The second result is false for a mapping without entries, which overrides nothing.
func (t *tracer) settingAt(result map[string]any, path []string, without map[int]bool) (*Setting, bool) {
	var value any = result
	for depth := 0; ; depth++ {
		if m, isMark := value.(mark); isMark {
			return t.settingOf(m, 0), true
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
			setting := t.settingOf(top.mark, top.depth)
			setting.Value = t.resolve(inner)
			return setting, true
		}
		return t.written(path, without, func(value any) bool { m, isMap := value.(map[string]any); return isMap && len(m) == 0 }), false
	}
	return t.written(path, without, func(value any) bool { return value == nil }), true
}

// written finds the highest layer whose own file has a fitting value at a path or above it, or at one that Helm copies
// there from.
func (t *tracer) written(path []string, without map[int]bool, fits func(value any) bool) *Setting {
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

// copiedFrom lists where Helm may have copied a value from: what is below `global` reaches a chart from the charts around
// it, and a chart imports values of those inside it.
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

// imported is what `import-values` of a dependency does.
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

func (t *tracer) writtenAt(path []string, without map[int]bool, fits func(value any) bool) *Setting {
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
					return &Setting{value, layer, t.line(layer, rest[:i+1])}
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

// settingOf is where a mark was made, or a mapping so many levels above it.
func (t *tracer) settingOf(m mark, above int) *Setting {
	at := t.marks[m]
	return &Setting{at.value, at.layer, t.line(at.layer, at.path[:max(1, len(at.path)-above)])}
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

// disabled lists the dependencies that are in charts/ and that conditions or tags switch off.
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
