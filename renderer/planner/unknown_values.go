package planner

import (
	"errors"
	"strings"

	"onebranch.dev/renderer/appset"
	"onebranch.dev/renderer/chart"
	"onebranch.dev/renderer/tree"
)

// ChartUse is a third-party chart with what sets values for it.
type ChartUse struct {
	RepoURL string `json:"repoURL"`
	Chart   string `json:"chart"`
	Version string `json:"version"`
	// Files are values files of the tree.
	Files []string `json:"files"`
	// Parameters are the names of Helm parameters, as plain dotted keys.
	Parameters []string `json:"parameters,omitempty"`
}

// UnknownIn are the keys of one values file, or of the parameters, that a chart does not read.
type UnknownIn struct {
	// File is empty for parameters.
	File   string               `json:"file,omitempty"`
	Values []chart.UnknownValue `json:"values"`
}

// UnknownOfUse is the answer for one chart: what it does not read, or why that is not known.
type UnknownOfUse struct {
	Unknown []UnknownIn `json:"unknown"`
	Reason  string      `json:"reason,omitempty"`
}

// UnknownValuesAnswer is the answer to `unknown-values`, for each chart in the order of the question.
type UnknownValuesAnswer struct {
	Charts []UnknownOfUse `json:"charts"`
}

// UnknownValues finds the keys that third-party charts do not read.
func (e *Planner) UnknownValues(name string, uses []ChartUse) (*UnknownValuesAnswer, error) {
	t, err := e.tree(name)
	if err != nil {
		return nil, err
	}
	out := make([]UnknownOfUse, len(uses))
	faults := make([]error, len(uses))
	e.forEach(len(uses), func(i int) { out[i], faults[i] = e.unknownOf(t, uses[i]) })
	if err := errors.Join(faults...); err != nil {
		return nil, firstMissing(faults, err)
	}
	return &UnknownValuesAnswer{out}, nil
}

func (e *Planner) unknownOf(t *loaded, use ChartUse) (UnknownOfUse, error) {
	out := UnknownOfUse{Unknown: []UnknownIn{}}
	source := &appset.Source{RepoURL: use.RepoURL, Chart: use.Chart, TargetRevision: use.Version}
	_, load, err := e.charts.find(t, source)
	if err != nil {
		return out, err
	}
	prepared, err := load()
	if err != nil {
		out.Reason = err.Error()
		return out, nil
	}
	dir := chartDirectory(source)
	add := func(file string, values map[string]any, text []byte) {
		if found := prepared.UnknownValues(dir, values, text); len(found) > 0 {
			out.Unknown = append(out.Unknown, UnknownIn{file, found})
		}
	}
	for _, file := range use.Files {
		data, err := t.Read(file)
		var absent *tree.MissingBlob
		if errors.As(err, &absent) {
			return out, err
		}
		if err != nil {
			continue
		}
		// A file that is not a mapping does not render, which is reported as that.
		if values, err := chart.ParseValues(data); err == nil {
			add(file, values, data)
		}
	}
	add("", nested(use.Parameters), nil)
	return out, nil
}

// nested makes mappings of dotted keys.
func nested(names []string) map[string]any {
	out := map[string]any{}
	for _, name := range names {
		at := out
		keys := strings.Split(name, ".")
		for _, key := range keys[:len(keys)-1] {
			inner, isMap := at[key].(map[string]any)
			if !isMap {
				inner = map[string]any{}
				at[key] = inner
			}
			at = inner
		}
		at[keys[len(keys)-1]] = ""
	}
	return out
}
