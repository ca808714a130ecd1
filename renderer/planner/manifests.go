package planner

import (
	"slices"
	"sort"

	"onebranch.dev/renderer/chart"
	"onebranch.dev/renderer/manifest"
)

// Manifests is what one Application deploys; clusters with the same manifests are listed together.
type Manifests struct {
	Application string               `json:"application"`
	Clusters    []string             `json:"clusters"`
	Key         string               `json:"key"`
	Resources   []*manifest.Resource `json:"resources"`
	// Unapplied are handed to Argo CD too, but no phase of its syncs applies them.
	Unapplied []*manifest.Resource `json:"unapplied,omitempty"`
	Unsteady  []chart.Unsteady     `json:"unsteady,omitempty"`
	Lookups   []string             `json:"lookups,omitempty"`
	// Repeated are resources that are made more than once; the last one counts.
	Repeated []*manifest.Repeated `json:"repeated,omitempty"`
	// Dropped are documents that Helm drops.
	Dropped []chart.Dropped `json:"dropped,omitempty"`
}

// Manifestation is the answer to `render`. It names the manifests by id; `documents` returns them.
type Manifestation struct {
	Manifests    []*Manifests  `json:"manifests"`
	NotEvaluated []*Failure    `json:"notEvaluated"`
	Failed       []*Failure    `json:"failed"`
	SetErrors    []*SetProblem `json:"setErrors"`
	SetsUnknown  []*SetProblem `json:"setsUnknown"`
	Statistics   Statistics    `json:"statistics"`
}

// Render renders all Applications of some clusters, each distinct one once.
func (e *Planner) Render(name string, clusters []Cluster, filter Filter) (*Manifestation, error) {
	t, err := e.tree(name)
	if err != nil {
		return nil, err
	}
	clusters = filter.clusters(clusters)
	x, err := e.Expand(name, clusters)
	if err != nil {
		return nil, err
	}
	byName := index(clusters)
	var apps []*Expanded
	for _, app := range x.Applications {
		if filter.wants(app) {
			apps = append(apps, app)
		}
	}
	rendered := make([]*Rendered, len(apps))
	faults := make([]error, len(apps))
	started := e.renders.total()
	e.forEach(len(apps), func(i int) { rendered[i], faults[i] = e.render(t, byName[apps[i].Cluster], apps[i]) })
	out := &Manifestation{Manifests: []*Manifests{}, NotEvaluated: []*Failure{}, Failed: []*Failure{}}
	groups := map[string]*Manifests{}
	for i, app := range apps {
		if missing, ok := isMissing(faults[i]); ok {
			return nil, missing
		}
		switch {
		case isNotEvaluated(faults[i]):
			out.NotEvaluated = addFailure(out.NotEvaluated, app.Name, app.Cluster, "head", faults[i].Error())
		case faults[i] != nil:
			out.Failed = addFailure(out.Failed, app.Name, app.Cluster, "head", faults[i].Error())
		default:
			r := rendered[i]
			key := app.Name + "\x00" + r.Key
			if groups[key] == nil {
				groups[key] = &Manifests{
					Application: app.Name, Key: r.Key, Resources: append([]*manifest.Resource{}, r.Resources...), Unapplied: r.Unapplied,
					Unsteady: r.Unsteady, Lookups: r.Lookups, Repeated: r.Repeated, Dropped: r.Dropped,
				}
				for _, resource := range slices.Concat(r.Resources, r.Unapplied) {
					e.keep(resource)
				}
				out.Manifests = append(out.Manifests, groups[key])
			}
			groups[key].Clusters = append(groups[key].Clusters, app.Cluster)
		}
	}
	sort.SliceStable(out.Manifests, func(i, j int) bool { return out.Manifests[i].Application < out.Manifests[j].Application })
	d := &Difference{SetErrors: []*SetProblem{}, SetsUnknown: []*SetProblem{}}
	d.sets(x, "head")
	out.SetErrors, out.SetsUnknown = d.SetErrors, d.SetsUnknown
	out.Statistics = Statistics{Clusters: len(clusters), Applications: len(apps), Renders: e.renders.total() - started}
	return out, nil
}
