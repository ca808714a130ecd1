package planner

import (
	"encoding/json"
	"sort"
)

// pair is an Application before and after.
type pair struct {
	cluster, name string
	base, head    half
}

// half is an Application on one side, with the inputs of its render; app is nil where there is none.
type half struct {
	app  *Expanded
	jobs []*job
	key  string
	err  error
}

func (h *half) plan(e *Planner, s *side, cluster string) {
	if h.app != nil {
		h.jobs, h.key, h.err = e.jobs(s.tree, s.clusters[cluster], h.app)
	}
}

// keys are the renders of both sides.
func (p *pair) keys() string { return p.base.key + " " + p.head.key }

// pairs matches the Applications of both sides by cluster and name, and returns how many there are and those whose inputs
// differ, sorted by name and cluster.
func (d *diff) pairs() (int, []*pair, error) {
	all := pairUp(d.base.expansion, d.head.expansion, d.filter)
	touched := d.touched(all)
	d.forEach(len(touched), func(i int) {
		p := touched[i]
		p.base.plan(d.Planner, d.base, p.cluster)
		p.head.plan(d.Planner, d.head, p.cluster)
	})
	var changed []*pair
	for _, p := range touched {
		for _, fault := range []error{p.base.err, p.head.err} {
			if missing, ok := isMissing(fault); ok {
				return 0, nil, missing
			}
		}
		if p.changed() {
			changed = append(changed, p)
		}
	}
	return len(all), changed, nil
}

func pairUp(before, after *Expansion, filter Filter) []*pair {
	type key struct{ cluster, name string }
	found := map[key]*pair{}
	var out []*pair
	of := func(app *Expanded) *pair {
		k := key{app.Cluster, app.Name}
		if found[k] == nil {
			found[k] = &pair{cluster: app.Cluster, name: app.Name}
			out = append(out, found[k])
		}
		return found[k]
	}
	for _, app := range before.Applications {
		if filter.wants(app) {
			of(app).base.app = app
		}
	}
	for _, app := range after.Applications {
		if filter.wants(app) {
			of(app).head.app = app
		}
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].name != out[j].name {
			return out[i].name < out[j].name
		}
		return out[i].cluster < out[j].cluster
	})
	return out
}

// touched leaves out the pairs that read nothing that differs. One of them is touched all the same when it asks for API versions
// and another Application of its cluster, which changes, may bring CRDs.
func (d *diff) touched(all []*pair) []*pair {
	same := make(map[string]bool, len(d.head.clusters))
	for name, c := range d.head.clusters {
		same[name] = d.base.clusters[name] != nil && sameCluster(d.base.clusters[name], c)
	}
	untouched := make([]bool, len(all))
	changing := map[string]bool{}
	for i, p := range all {
		base, head := p.base.app, p.head.app
		untouched[i] = base != nil && head != nil && base.Application == head.Application && base.Invalid == head.Invalid &&
			same[p.cluster] && !d.delta.touches(d.head.tree, head) && !readsRevision(head.Application)
		if !untouched[i] && !changing[p.cluster] {
			changing[p.cluster] = base != nil && d.makesCRDs(d.base.tree, base) || head != nil && d.makesCRDs(d.head.tree, head)
		}
	}
	var out []*pair
	for i, p := range all {
		if !untouched[i] || changing[p.cluster] && d.asks(d.head.tree, p.head.app) {
			out = append(out, p)
		}
	}
	return out
}

// changed reports whether the pair needs a closer look.
func (p *pair) changed() bool {
	if p.base.app == nil || p.head.app == nil {
		return true
	}
	if p.base.err != nil || p.head.err != nil {
		// What fails the same way before and after is not news of this change.
		return errorText(p.base.err) != errorText(p.head.err) || !sameSpec(p.base.app, p.head.app)
	}
	return p.base.key != p.head.key || !sameSpec(p.base.app, p.head.app)
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
