package chart

import (
	"maps"
	"path"
	"strings"
	"sync"

	ci "helm.sh/helm/v4/pkg/chart"
	"helm.sh/helm/v4/pkg/chart/common"
	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
)

// Prepared is a chart that several workers can render many times, with different values.
type Prepared struct {
	chart *chartv2.Chart
	// simple charts have no dependencies: their set of templates is always the same, and their values need no rules for
	// subcharts.
	simple bool

	mu       sync.Mutex
	programs map[string]compiled
	facts    map[*chartv2.Chart]*facts
	schemas  schemaCache
	reads    *reads
}

type compiled struct {
	program *program
	err     error
}

// facts are a chart's own contributions to a template's scope.
type facts struct {
	metadata map[string]any
	files    files
}

// Prepare prepares a loaded chart; the chart must not be changed afterwards.
func Prepare(chart *chartv2.Chart) *Prepared {
	return &Prepared{
		chart:    chart,
		simple:   len(chart.Dependencies()) == 0 && len(chart.Metadata.Dependencies) == 0,
		programs: map[string]compiled{},
		facts:    map[*chartv2.Chart]*facts{},
	}
}

// Name and Version are the fields of Chart.yaml.
func (p *Prepared) Name() string { return p.chart.Metadata.Name }

func (p *Prepared) Version() string { return p.chart.Metadata.Version }

// program returns the parsed templates. Which ones there are depends on the dependencies that values enable.
func (p *Prepared) program(texts map[string]string) (*program, error) {
	key := ""
	if !p.simple {
		key = signature(texts)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	known, ok := p.programs[key]
	if !ok {
		known.program, known.err = compile(texts)
		p.programs[key] = known
	}
	return known.program, known.err
}

// collect gathers the templates of a chart and its dependencies, each with the values of its own scope.
func (p *Prepared) collect(chart *chartv2.Chart, parent map[string]any, texts map[string]string, scopes map[string]*scope) map[string]any {
	own := p.factsOf(chart)
	subcharts := map[string]any{}
	next := map[string]any{
		"Chart":        maps.Clone(own.metadata),
		"Files":        own.files,
		"Release":      parent["Release"],
		"Capabilities": parent["Capabilities"],
		"Values":       make(common.Values),
		"Subcharts":    subcharts,
	}
	if chart.IsRoot() {
		next["Values"] = parent["Values"]
	} else if values, err := common.Values(parent).Table("Values." + chart.Name()); err == nil {
		next["Values"] = values
	}
	for _, child := range chart.Dependencies() {
		subcharts[child.Name()] = p.collect(child, next, texts, scopes)
	}
	full := chart.ChartFullPath()
	library := strings.EqualFold(chart.Metadata.Type, "library")
	for _, t := range chart.Templates {
		if t == nil || library && !strings.HasPrefix(path.Base(t.Name), "_") {
			continue
		}
		name := path.Join(full, t.Name)
		texts[name] = string(t.Data)
		scopes[name] = &scope{next, path.Join(full, "templates")}
	}
	return next
}

func (p *Prepared) factsOf(chart *chartv2.Chart) *facts {
	if chart != p.chart {
		return newFacts(chart)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	known := p.facts[chart]
	if known == nil {
		known = newFacts(chart)
		p.facts[chart] = known
	}
	return known
}

func newFacts(chart *chartv2.Chart) *facts {
	f := &facts{files: newFiles(chart.Files)}
	if accessor, err := ci.NewAccessor(chart); err == nil {
		f.metadata = accessor.MetadataAsMap()
		f.metadata["IsRoot"] = accessor.IsRoot()
	}
	return f
}

// clone copies the parts of a chart that rendering it with dependencies changes: metadata, values and the dependency
// lists.
func clone(chart *chartv2.Chart) *chartv2.Chart {
	out := *chart
	metadata := *chart.Metadata
	metadata.Dependencies = nil
	for _, dependency := range chart.Metadata.Dependencies {
		if dependency == nil {
			continue
		}
		copied := *dependency
		metadata.Dependencies = append(metadata.Dependencies, &copied)
	}
	out.Metadata = &metadata
	out.Values = copyMap(chart.Values)
	out.SetDependencies()
	for _, dependency := range chart.Dependencies() {
		out.AddDependency(clone(dependency))
	}
	return &out
}
