package chart

import (
	"path"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
)

// UnknownValue is a key that nothing in a chart reads.
type UnknownValue struct {
	Path []string `json:"path"`
	// Line is its line in the values file.
	Line int `json:"line"`
	// Known are the keys that the chart's defaults have in its place.
	Known []KnownValue `json:"known"`
}

// KnownValue is a key of a chart's defaults.
type KnownValue struct {
	Key  string `json:"key"`
	File string `json:"file"`
	Line int    `json:"line"`
}

// istioDefaults is the key below which the charts of Istio have their defaults; their templates move them to the top.
const istioDefaults = "_internal_defaults_do_not_set"

// ownKeys are keys that Helm itself reads of each chart.
var ownKeys = setOf(common.GlobalKey, "tags", "exports")

// UnknownValues finds the keys of a values file that nobody reads: a mapping of the chart's defaults with keys in it does not
// have them, and no template names them or reads that mapping as a whole. dir is the chart's own place.
func (p *Prepared) UnknownValues(dir string, values map[string]any, text []byte) []UnknownValue {
	p.mu.Lock()
	if p.reads == nil {
		p.reads = readsOf(p.chart)
	}
	p.mu.Unlock()
	layers, of := defaultsOf(p.chart, dir)
	j := &valueJudge{reads: p.reads, text: text, layers: layers, of: of, lines: map[int]*Lines{}}
	j.chart(p.chart, values, level{defaults: p.chart.Values, from: []written{{of[p.chart], nil}}}, nil)
	return j.found
}

// written is a mapping in one of the files of defaults.
type written struct {
	layer int
	path  []string
}

// level is a mapping of the defaults and where it is written, the last place first.
type level struct {
	defaults map[string]any
	from     []written
}

// below returns the mapping of a key, or nothing where it is not one.
func (l level) below(key string) level {
	inner, _ := l.defaults[key].(map[string]any)
	out := level{defaults: inner}
	for _, place := range l.from {
		out.from = append(out.from, written{place.layer, append(slices.Clone(place.path), key)})
	}
	return out
}

// over lays a mapping over another one.
func (l level) over(other level) level {
	return level{MergeValues(other.defaults, l.defaults), append(slices.Clone(l.from), other.from...)}
}

type valueJudge struct {
	reads  *reads
	text   []byte
	layers []Layer
	of     map[*chartv2.Chart]int
	// lines are those of the layers, and of the text as -1; most files have nothing to find the line of.
	lines map[int]*Lines
	found []UnknownValue
}

func (j *valueJudge) line(layer int, path []string) int {
	if j.lines[layer] == nil {
		text := j.text
		if layer >= 0 {
			text = j.layers[layer].Text
		}
		j.lines[layer] = NewLines(text)
	}
	return j.lines[layer].Of(path)
}

// chart judges the values of a chart, or of a subchart below its name.
func (j *valueJudge) chart(chart *chartv2.Chart, values map[string]any, defaults level, at []string) {
	if moved := defaults.below(istioDefaults); len(moved.defaults) > 0 {
		defaults = defaults.over(moved)
	}
	rest := map[string]any{}
	for key, value := range values {
		if ownKeys[key] {
			continue
		}
		child, isListed := subchart(chart, key)
		inner, isMap := value.(map[string]any)
		switch {
		case child != nil && isMap:
			own := level{child.Values, []written{{j.of[child], nil}}}
			j.chart(child, inner, defaults.below(key).over(own), append(slices.Clone(at), key))
		case child == nil && !isListed:
			rest[key] = value
		}
	}
	j.mapping(rest, defaults, at, false)
}

// subchart returns the subchart whose values are below a key, and whether Chart.yaml lists one that has this name.
func subchart(chart *chartv2.Chart, key string) (*chartv2.Chart, bool) {
	found, _ := original(chart, key)
	isListed := slices.ContainsFunc(chart.Metadata.Dependencies, func(entry *chartv2.Dependency) bool {
		return entry != nil && (entry.Alias == key || entry.Alias == "" && entry.Name == key)
	})
	return found, isListed
}

// mapping judges the keys of a mapping; isWhole says that a template reads the mapping, or one above it, as a whole.
func (j *valueJudge) mapping(values map[string]any, known level, at []string, isWhole bool) {
	if len(known.defaults) == 0 || isWhole {
		return
	}
	for _, key := range sortedKeys(values) {
		here := append(slices.Clone(at), key)
		if _, isKnown := known.defaults[key]; isKnown {
			if inner, isMap := values[key].(map[string]any); isMap {
				j.mapping(inner, known.below(key), here, j.reads.whole[key])
			}
			continue
		}
		if j.reads.named[key] || strings.HasPrefix(key, "extra") {
			continue
		}
		j.found = append(j.found, UnknownValue{here, j.line(-1, here), j.known(known)})
	}
}

func (j *valueJudge) known(l level) []KnownValue {
	out := []KnownValue{}
	for _, key := range sortedKeys(l.defaults) {
		if key == istioDefaults {
			continue
		}
		for _, place := range l.from {
			layer := j.layers[place.layer]
			full := append(slices.Clone(place.path), key)
			if _, here := lookup(layer.Values, full); here {
				out = append(out, KnownValue{key, path.Clean(layer.File), j.line(place.layer, full)})
				break
			}
		}
	}
	return out
}
