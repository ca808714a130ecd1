package chart

import (
	"bytes"
	"fmt"
	"strings"
	"sync"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
)

// Options are the inputs that Argo CD gives `helm template`.
type Options struct {
	Release, Namespace string
	// KubeVersion may be empty, which means Helm's own default.
	KubeVersion          string
	APIVersions          []string
	SkipCRDs, SkipTests  bool
	SkipSchemaValidation bool
	Limits               Limits
}

// Output is the result of one render.
type Output struct {
	Documents []Document
	// Unsteady lists the functions that answer differently each time, if the manifests depend on them.
	Unsteady []Unsteady
	// Lookups lists the templates that look into the cluster; in Argo CD they always get an empty answer.
	Lookups []string
	// Dropped are documents that Helm itself drops.
	Dropped []Dropped
}

// Dropped is a document with a hook that Helm does not know.
type Dropped struct {
	Source string `json:"source"`
	Kind   string `json:"kind"`
	Name   string `json:"name"`
	Hook   string `json:"hook"`
}

// Unsteady is a template that writes a different text each time it is rendered.
type Unsteady struct {
	Template  string   `json:"template"`
	Functions []string `json:"functions"`
}

// scope is what the templates of one chart see.
type scope struct {
	values   map[string]any
	basePath string
}

func templateInfo(name, basePath string) common.Values {
	return common.Values{"Name": name, "BasePath": basePath}
}

// Render renders the chart with values, which it may change.
func (p *Prepared) Render(values map[string]any, options Options) (*Output, error) {
	capabilities, err := capabilitiesOf(options)
	if err != nil {
		return nil, err
	}
	if options.Limits == (Limits{}) {
		options.Limits = DefaultLimits
	}
	first, err := p.attempt(values, capabilities, options, 1)
	if err != nil {
		return nil, err
	}
	out := &Output{Lookups: sortedKeys(first.state.lookups)}
	if len(first.state.used) > 0 {
		second, err := p.attempt(values, capabilities, options, 2)
		if err != nil {
			return nil, fmt.Errorf("a second render with another clock and other random values fails: %w", err)
		}
		for _, name := range first.order {
			if text, ok := first.texts[name]; ok && text != second.texts[name] && !strings.HasSuffix(name, notesSuffix) {
				out.Unsteady = append(out.Unsteady, Unsteady{Template: name, Functions: sortedKeys(first.state.used)})
			}
		}
	}
	out.Documents, out.Dropped, err = documents(first.chart, first.texts, options)
	return out, err
}

// attempt runs all templates once, with random values and a clock that depend on the seed.
type attempt struct {
	chart *chartv2.Chart
	order []string
	texts map[string]string
	state *state
}

func (p *Prepared) attempt(values map[string]any, capabilities *common.Capabilities, options Options, seed uint64) (*attempt, error) {
	chart := p.chart
	var final map[string]any
	if p.simple {
		final = coalesce(values, chart.Values)
	} else {
		chart = clone(chart)
		if err := chartutil.ProcessDependencies(chart, values); err != nil {
			return nil, fmt.Errorf("chart dependencies processing failed: %w", err)
		}
		var err error
		if final, err = util.CoalesceValues(chart, values); err != nil {
			return nil, err
		}
	}
	if !options.SkipSchemaValidation {
		if err := p.schemas.validate(chart, final); err != nil {
			return nil, err
		}
	}
	// After the schemas, as in Helm, so that of two faults both report the same one.
	if required := chart.Metadata.KubeVersion; required != "" && !chartutil.IsCompatibleRange(required, capabilities.KubeVersion.String()) {
		return nil, fmt.Errorf("chart requires kubeVersion: %s which is incompatible with Kubernetes %s", required, capabilities.KubeVersion.Version)
	}
	top := map[string]any{
		"Capabilities": capabilities,
		"Values":       common.Values(final),
		"Release": map[string]any{
			"Name": options.Release, "Namespace": options.Namespace,
			"IsUpgrade": false, "IsInstall": true, "Revision": 1, "Service": "Helm",
		},
	}
	texts, scopes := map[string]string{}, map[string]*scope{}
	p.collect(chart, top, texts, scopes)
	program, err := p.program(texts)
	if err != nil {
		return nil, err
	}
	rendered, state, err := program.execute(scopes, options.Limits, seed)
	if err != nil {
		return nil, err
	}
	return &attempt{chart, program.order, rendered, state}, nil
}

var (
	capabilitiesMu    sync.Mutex
	knownCapabilities = map[string]*common.Capabilities{}
)

// HelmVersion is the version of the Helm libraries that load charts and compute their values. Templates see it too.
const HelmVersion = "4.3.1"

// capabilitiesOf returns those of `helm template`: what the Kubernetes client library knows, and what the cluster serves.
func capabilitiesOf(options Options) (*common.Capabilities, error) {
	key := options.KubeVersion + "\x00" + strings.Join(options.APIVersions, "\x00")
	capabilitiesMu.Lock()
	defer capabilitiesMu.Unlock()
	if known := knownCapabilities[key]; known != nil {
		return known, nil
	}
	capabilities := common.DefaultCapabilities.Copy()
	// The library alone knows only its minor version, but Helm's program is built with the full one.
	capabilities.HelmVersion.Version = "v" + HelmVersion
	if options.KubeVersion != "" {
		version, err := common.ParseKubeVersion(options.KubeVersion)
		if err != nil {
			return nil, fmt.Errorf("invalid kube version '%s': %w", options.KubeVersion, err)
		}
		capabilities.KubeVersion = *version
	}
	capabilities.APIVersions = append(append(common.VersionSet{}, capabilities.APIVersions...), options.APIVersions...)
	knownCapabilities[key] = capabilities
	return capabilities, nil
}

// ParseValues reads one values file as Helm does: several documents are merged.
func ParseValues(data []byte) (map[string]any, error) { return loadValues(bytes.NewReader(data)) }
