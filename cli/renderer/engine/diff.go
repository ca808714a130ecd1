package engine

import (
	"encoding/json"
	"sort"
	"sync/atomic"

	"onebranch.dev/renderer/appset"
	"onebranch.dev/renderer/manifest"
)

// pair is an Application before and after; one of them may be missing.
type pair struct {
	cluster, name      string
	base, head         *Expanded
	baseJobs, headJobs []*job
	baseKey, headKey   string
	baseErr, headErr   error
	// untouched pairs read nothing that differs.
	untouched bool
	change    *Change
	// print is equal for changes that are told as one; only then is grouped set.
	print    [32]byte
	grouped  bool
	unsteady []string
	// lookups are templates that ask the cluster, and are the same each time all the same.
	lookups  []string
	compared *comparison
	err      error
}

// Diff compares what two trees make.
func (e *Engine) Diff(base, head Side, filter Filter) (*Difference, error) {
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
	unconcerned := e.unconcerned(base.Clusters, head.Clusters, d, baseTree, headTree)
	base.Clusters, head.Clusters = without(base.Clusters, unconcerned), without(head.Clusters, unconcerned)
	before, after, err := e.expandBoth(base, head, d, baseTree, headTree)
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
		e.compare(p, d, compared)
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

// changed tells whether the pair has to be looked at more closely.
func (p *pair) changed() bool {
	if p.base == nil || p.head == nil {
		return true
	}
	if p.baseErr != nil || p.headErr != nil {
		// What fails the same way before and after is no news of this change.
		return errorText(p.baseErr) != errorText(p.headErr) || !sameSpec(p.base, p.head)
	}
	return p.baseKey != p.headKey || !sameSpec(p.base, p.head)
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func sameSpec(a, b *Expanded) bool {
	if a.Application == b.Application {
		return true
	}
	x, errX := json.Marshal(a.Application)
	y, errY := json.Marshal(b.Application)
	return errX == nil && errY == nil && string(x) == string(y)
}

// usesOf counts how many pairs need each render, so that its manifests can go when the last one is done.
func usesOf(pairs []*pair) map[string]*atomic.Int64 {
	uses := map[string]*atomic.Int64{}
	for _, p := range pairs {
		for _, key := range []string{p.baseKey, p.headKey} {
			if key == "" {
				continue
			}
			if uses[key] == nil {
				uses[key] = &atomic.Int64{}
			}
			uses[key].Add(1)
		}
	}
	return uses
}

// keys are the renders of both sides.
func (p *pair) keys() string { return p.baseKey + " " + p.headKey }

// comparisonsOf counts how many pairs share both renders.
func comparisonsOf(pairs []*pair) map[string]*atomic.Int64 {
	uses := map[string]*atomic.Int64{}
	for _, p := range pairs {
		if uses[p.keys()] == nil {
			uses[p.keys()] = &atomic.Int64{}
		}
		uses[p.keys()].Add(1)
	}
	return uses
}

// pairUp matches Applications by cluster and name, sorted by both.
func pairUp(before, after *Expansion, filter Filter) []*pair {
	type key struct{ cluster, name string }
	found := map[key]*pair{}
	var out []*pair
	add := func(app *Expanded, isHead bool) {
		if !filter.wants(app) {
			return
		}
		k := key{app.Cluster, app.Name}
		p := found[k]
		if p == nil {
			p = &pair{cluster: app.Cluster, name: app.Name}
			found[k] = p
			out = append(out, p)
		}
		if isHead {
			p.head = app
		} else {
			p.base = app
		}
	}
	for _, app := range before.Applications {
		add(app, false)
	}
	for _, app := range after.Applications {
		add(app, true)
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].name != out[j].name {
			return out[i].name < out[j].name
		}
		return out[i].cluster < out[j].cluster
	})
	return out
}

func (f Filter) wants(app *Expanded) bool {
	return contains(f.Clusters, app.Cluster) && contains(f.Applications, app.Name)
}

// count counts the wanted Applications of clusters that were not expanded.
func (f Filter) count(unconcerned map[string]*footprint) int {
	sum := 0
	for _, print := range unconcerned {
		for _, name := range print.Applications {
			if contains(f.Applications, name) {
				sum++
			}
		}
	}
	return sum
}

func contains(list []string, value string) bool {
	if len(list) == 0 {
		return true
	}
	for _, item := range list {
		if item == value {
			return true
		}
	}
	return false
}

// compare renders both sides of a pair and finds what differs.
func (e *Engine) compare(p *pair, d *delta, compared *onceMap[*comparison]) {
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
		Clusters: []string{p.cluster}, Inputs: inputChanges(p, d), Base: existing(p.base), Head: existing(p.head),
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
