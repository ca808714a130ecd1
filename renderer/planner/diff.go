package planner

import (
	"encoding/json"

	"onebranch.dev/renderer/appset"
	"onebranch.dev/renderer/manifest"
)

// Diff compares what two trees make.
func (e *Planner) Diff(base, head Side, filter Filter) (*Difference, error) {
	baseTree, err := e.tree(base.Tree)
	if err != nil {
		return nil, err
	}
	headTree, err := e.tree(head.Tree)
	if err != nil {
		return nil, err
	}
	d := newDelta(baseTree, headTree)
	fleet := len(head.Clusters)
	base.Clusters, head.Clusters = filter.clusters(base.Clusters), filter.clusters(head.Clusters)
	known := e.footprints(base.Clusters, head.Clusters, d, baseTree, headTree)
	unconcerned := d.unconcerned(known)
	base.Clusters, head.Clusters = without(base.Clusters, unconcerned), without(head.Clusters, unconcerned)
	before, after, err := e.expandBoth(base, head, d, baseTree, headTree, known)
	if err != nil {
		return nil, err
	}
	pairs := pairUp(before, after, filter)
	baseClusters, headClusters := index(base.Clusters), index(head.Clusters)
	same := make(map[string]bool, len(headClusters))
	for name, c := range headClusters {
		same[name] = baseClusters[name] != nil && sameCluster(baseClusters[name], c)
	}
	for _, p := range pairs {
		p.untouched = p.base != nil && p.head != nil && p.base.Application == p.head.Application && p.base.Invalid == p.head.Invalid &&
			same[p.cluster] && !d.touches(headTree, p.head) && !readsRevision(p.head.Application)
	}
	e.touchThoseWhoAsk(pairs, baseTree, headTree)
	e.forEach(len(pairs), func(i int) {
		p := pairs[i]
		if p.untouched {
			return
		}
		if p.base != nil {
			p.baseJobs, p.baseKey, p.baseErr = e.jobs(baseTree, baseClusters[p.cluster], p.base)
		}
		if p.head != nil {
			p.headJobs, p.headKey, p.headErr = e.jobs(headTree, headClusters[p.cluster], p.head)
		}
	})
	var changed []*pair
	for _, p := range pairs {
		for _, fault := range []error{p.baseErr, p.headErr} {
			if missing, ok := isMissing(fault); ok {
				return nil, missing
			}
		}
		if !p.untouched && p.changed() {
			changed = append(changed, p)
		}
	}
	started := e.renders.total()
	uses := usesOf(changed)
	compared, comparisons := newOnceMap[*comparison](), comparisonsOf(changed)
	groups := &groups{pairs: changed, first: map[[32]byte]int{}}
	e.forEach(len(changed), func(i int) {
		p := changed[i]
		e.compare(p, d, baseTree, headTree, compared)
		groups.add(i)
		if comparisons[p.keys()].Add(-1) == 0 {
			compared.release(p.keys())
		}
		for _, key := range []string{p.baseKey, p.headKey} {
			if left := uses[key]; left != nil && left.Add(-1) == 0 {
				e.renders.release(key)
			}
		}
	})
	out := &Difference{
		Changes: []*Change{}, NotEvaluated: []*Failure{}, Failed: []*Failure{}, SetErrors: []*SetProblem{},
		SetsUnknown: []*SetProblem{}, Sets: after.Sets, Unsteady: []*Failure{},
		Statistics: Statistics{
			Clusters: fleet, Applications: len(pairs) + filter.count(unconcerned), Changed: len(changed), Renders: e.renders.total() - started,
		},
	}
	for _, p := range changed {
		if missing, ok := isMissing(p.err); ok {
			return nil, missing
		}
	}
	out.collect(changed, e.keep)
	out.sets(before, "base")
	out.sets(after, "head")
	return out, nil
}

func index(clusters []Cluster) map[string]*Cluster {
	out := make(map[string]*Cluster, len(clusters))
	for i := range clusters {
		out[clusters[i].Name] = &clusters[i]
	}
	return out
}

// compare renders both sides of a pair and finds what differs.
func (e *Planner) compare(p *pair, d *delta, base, head *loaded, compared *onceMap[*comparison]) {
	var before, after *Rendered
	if p.base != nil && p.baseErr == nil {
		before, p.baseErr = e.renderJobs(p.baseJobs, p.baseKey)
	}
	if p.head != nil && p.headErr == nil {
		after, p.headErr = e.renderJobs(p.headJobs, p.headKey)
	}
	for _, err := range []error{p.baseErr, p.headErr} {
		if missing, ok := isMissing(err); ok {
			p.err = missing
			return
		}
	}
	c := &Change{Application: p.name, Change: "change", Clusters: []string{p.cluster}, Renders: 1}
	switch {
	case p.base == nil:
		c.Change = "add"
	case p.head == nil:
		c.Change = "remove"
	case p.base.Application != p.head.Application:
		c.Spec = specChanges(p.base.Application, p.head.Application)
	}
	if p.headErr != nil || p.baseErr != nil && p.head != nil {
		// Without both sides only the change of the Application itself is known.
		before, after = nil, nil
	}
	// Most pairs of a fleet share both renders with those of other clusters, and then what differs between them too.
	shared, _ := compared.get(keyOf(before)+" "+keyOf(after), func() (*comparison, error) {
		resources, named := resourceChanges(before, after)
		return &comparison{resources, named, printOf(resources)}, nil
	})
	p.compared, c.Resources = shared, shared.resources
	c.Readings = []*Reading{{
		Clusters: []string{p.cluster}, Inputs: inputChanges(p, d, base, head), Base: existing(p.base), Head: existing(p.head),
	}}
	p.change = c
	for _, r := range []*Rendered{before, after} {
		if r == nil {
			continue
		}
		for _, u := range r.Unsteady {
			p.unsteady = append(p.unsteady, describe(u, r.Lookups))
		}
		if len(r.Unsteady) == 0 {
			p.lookups = append(p.lookups, r.Lookups...)
		}
	}
}

// comparison is what differs between two renders.
type comparison struct {
	resources []ResourceChange
	named     []*manifest.Resource
	print     [32]byte
}

func keyOf(r *Rendered) string {
	if r == nil {
		return ""
	}
	return r.Key
}

func specChanges(a, b *appset.Application) []manifest.Change {
	x, y := map[string]any{}, map[string]any{}
	for _, side := range []struct {
		app *appset.Application
		out *map[string]any
	}{{a, &x}, {b, &y}} {
		data, err := json.Marshal(side.app)
		if err == nil {
			_ = json.Unmarshal(data, side.out)
		}
	}
	return manifest.Diff(x, y)
}
