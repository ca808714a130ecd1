package planner

import (
	"encoding/json"
	"sort"
	"sync/atomic"
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
