package planner

import (
	"errors"
	"fmt"
	"path"

	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/strvals"

	"onebranch.dev/renderer/appset"
	"onebranch.dev/renderer/chart"
	"onebranch.dev/renderer/tree"
)

// ValuesQuery asks where the values of one Application come from.
type ValuesQuery struct {
	Application string `json:"application"`
	// Probe lists values; the answer says whether the manifests depend on them.
	Probe [][]string `json:"probe,omitempty"`
}

// FileFault is a values file that cannot be read, so that the Application does not render.
type FileFault struct {
	File   string `json:"file"`
	Reason string `json:"reason"`
}

// ValuesAnswer is the answer to `values`.
type ValuesAnswer struct {
	// Chart is false if the Application has no values: it is neither a Helm chart nor the base of a component with its overlays, whose
	// values are the fields that they make.
	Chart bool `json:"chart"`
	// Reason is why the origins of the values cannot be determined, although the files can be read.
	Reason string      `json:"reason,omitempty"`
	Faults []FileFault `json:"faults"`
	// Missing is why the chart's defaults are not known offline. The answer then leaves them out.
	Missing string `json:"missing,omitempty"`
	chart.Explanation
	// Unused are the probes that no template depends on.
	Unused [][]string `json:"unused"`
}

// Values finds the origin of each value of an Application of one cluster.
func (e *Planner) Values(name string, clusters []Cluster, query ValuesQuery) (*ValuesAnswer, error) {
	t, err := e.tree(name)
	if err != nil {
		return nil, err
	}
	if len(clusters) != 1 {
		return nil, fmt.Errorf("values are those of one cluster, not of %d", len(clusters))
	}
	expansion, err := e.Expand(name, clusters)
	if err != nil {
		return nil, err
	}
	for _, app := range expansion.Applications {
		if app.Name == query.Application {
			return e.valuesOf(t, &clusters[0], app.Application, query.Probe)
		}
	}
	return nil, fmt.Errorf("the cluster %s has no Application %q", clusters[0].Name, query.Application)
}

func noValues() *ValuesAnswer {
	return &ValuesAnswer{
		Faults: []FileFault{}, Unused: [][]string{},
		Explanation: chart.Explanation{
			Layers: []chart.Layer{}, Values: []chart.Explained{}, Removed: []chart.Explained{}, Disabled: []string{},
		},
	}
}

func (e *Planner) valuesOf(t *loaded, c *Cluster, app *appset.Application, probe [][]string) (*ValuesAnswer, error) {
	answer := noValues()
	makers, _ := splitSources(t, app)
	for _, source := range makers {
		j, err := e.plan(t, c, app, source)
		if missing, ok := isMissing(err); ok {
			return nil, missing
		}
		if err != nil {
			answer.Chart, answer.Reason = true, err.Error()
			return answer, nil
		}
		if j.kind == helmSource {
			answer.Chart = true
			return answer, e.explainJob(j, probe, answer)
		}
		if j.kind == kustomizeSource && overlayDirs(source) != nil {
			return answer, e.explainOverlays(j, answer)
		}
	}
	return answer, nil
}

func (e *Planner) explainJob(j *job, probe [][]string, answer *ValuesAnswer) error {
	layers, err := e.layersOf(j, answer)
	if err != nil || len(answer.Faults) > 0 {
		return err
	}
	values, err := e.mergedValues(j)
	if err != nil {
		answer.Reason = err.Error()
		return nil
	}
	prepared, err := e.preparedOf(j, answer)
	if err != nil {
		if missing, ok := isMissing(err); ok {
			return missing
		}
		answer.Reason = err.Error()
		return nil
	}
	explanation, err := prepared.Explain(chartDirectory(j.source), layers, values)
	if err != nil {
		answer.Reason = err.Error()
		return nil
	}
	answer.Explanation = *explanation
	if answer.Missing != "" {
		return nil
	}
	for _, path := range probe {
		if len(path) == 0 {
			continue
		}
		// A chart that does not render shows nothing about its use of a value.
		if used, err := prepared.Uses(values, path, j.options); err == nil && !used {
			answer.Unused = append(answer.Unused, path)
		}
	}
	return nil
}

// preparedOf loads the chart, or uses an empty chart in place of one that is not available.
func (e *Planner) preparedOf(j *job, answer *ValuesAnswer) (*chart.Prepared, error) {
	if j.unknown != nil {
		answer.Missing = j.unknown.Error()
	} else {
		prepared, err := j.chart()
		var unknown *NotEvaluated
		if !errors.As(err, &unknown) {
			return prepared, err
		}
		answer.Missing = unknown.Error()
	}
	return chart.Prepare(&chartv2.Chart{Metadata: &chartv2.Metadata{Name: j.app.Metadata.Name}}), nil
}

// layersOf reads the layers above the chart's defaults, in Helm's order.
func (e *Planner) layersOf(j *job, answer *ValuesAnswer) ([]chart.Layer, error) {
	layers := []chart.Layer{}
	for _, source := range j.values {
		values, err := e.parsedValues(source.oid, source.data)
		if err != nil {
			answer.Faults = append(answer.Faults, FileFault{source.path, oneLine(err)})
			continue
		}
		layer := chart.Layer{Kind: "file", File: source.path, Values: values, Text: source.data}
		if len(source.oid) > 7 && source.oid[:7] == "inline:" {
			layer.Kind, layer.File = "inline", ""
		}
		layers = append(layers, layer)
	}
	for _, p := range j.parameters {
		values := map[string]any{}
		parse := strvals.ParseInto
		if p.ForceString {
			parse = strvals.ParseIntoString
		}
		if err := parse(p.Name+"="+escapeCommas(p.Value), values); err != nil {
			answer.Reason = err.Error()
			continue
		}
		layers = append(layers, chart.Layer{Kind: "parameter", Name: p.Name, Values: values})
	}
	for _, p := range j.files {
		values := map[string]any{}
		read := func([]rune) (any, error) { return j.fileContent[p.Name], nil }
		if err := strvals.ParseIntoFile(p.Name+"="+escapeCommas(p.Path), values, read); err != nil {
			answer.Reason = err.Error()
			continue
		}
		layers = append(layers, chart.Layer{Kind: "parameter", Name: p.Name, Values: values})
	}
	return layers, nil
}

// chartDirectory returns where a chart's files are: its directory, or its archive.
func chartDirectory(source *appset.Source) string {
	if source.Chart == "" {
		return source.Path
	}
	return path.Base(source.Chart) + "-" + source.TargetRevision + ".tgz"
}

// FileValues are the values of one file of a tree.
type FileValues struct {
	File   string          `json:"file"`
	Values []chart.Written `json:"values"`
	Fault  string          `json:"fault,omitempty"`
}

// FileValuesAnswer is the answer to `file-values`.
type FileValuesAnswer struct {
	Files []FileValues `json:"files"`
}

// FileValues lists the values that files of a tree set, whether or not an Application reads them.
func (e *Planner) FileValues(name string, files []string) (*FileValuesAnswer, error) {
	t, err := e.tree(name)
	if err != nil {
		return nil, err
	}
	answer := &FileValuesAnswer{Files: []FileValues{}}
	for _, file := range files {
		found := FileValues{File: file, Values: []chart.Written{}}
		data, err := t.Read(file)
		var absent *tree.MissingBlob
		if errors.As(err, &absent) {
			return nil, absent
		}
		if err == nil {
			found.Values, err = chart.ReadWritten(data)
		}
		if err != nil {
			found.Values, found.Fault = []chart.Written{}, oneLine(err)
		}
		answer.Files = append(answer.Files, found)
	}
	return answer, nil
}
