package planner

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"onebranch.dev/renderer/cache"
	"onebranch.dev/renderer/chart"
	"onebranch.dev/renderer/manifest"
)

// cachedFacts is what is kept of a render beside its resources.
type cachedFacts struct {
	Unsteady []chart.Unsteady     `json:"unsteady,omitempty"`
	Lookups  []string             `json:"lookups,omitempty"`
	Repeated []*manifest.Repeated `json:"repeated,omitempty"`
	Dropped  []chart.Dropped      `json:"dropped,omitempty"`
	// Unapplied is how many of the resources, the last ones, Argo CD does not apply.
	Unapplied int `json:"unapplied,omitempty"`
}

func factsOf(r *Rendered) cachedFacts {
	return cachedFacts{r.Unsteady, r.Lookups, r.Repeated, r.Dropped, len(r.Unapplied)}
}

// restored is a render as it was kept; false where the two parts of it do not fit together.
func (known cachedFacts) restored(key string, resources []*manifest.Resource) (*Rendered, bool) {
	applied := len(resources) - known.Unapplied
	if applied < 0 {
		return nil, false
	}
	built := manifest.Built{Resources: resources[:applied], Unapplied: resources[applied:], Repeated: known.Repeated}
	return &Rendered{Key: key, Built: built, Unsteady: known.Unsteady, Lookups: known.Lookups, Dropped: known.Dropped}, true
}

// cacheable holds for renders that take longer than reading them: plain manifests are only read either way.
func cacheable(jobs []*job) bool {
	worth := false
	for _, j := range jobs {
		if j.unknown != nil {
			return false
		}
		worth = worth || j.kind == helmSource || j.kind == kustomizeSource
	}
	return worth
}

// cacheKey identifies a render for all runs. Unlike the key of one run it says which packed chart is meant: another
// directory of --charts may have another one of the same name.
func (e *Planner) cacheKey(jobs []*job) (cache.Key, error) {
	h := sha256.New()
	for _, j := range jobs {
		digest := ""
		if j.source.Chart != "" {
			found, err := e.charts.archive(j.source)
			if err != nil {
				return cache.Key{}, err
			}
			digest = found.digest
		}
		fmt.Fprintf(h, "%s %s\n", j.key, digest)
	}
	return cache.Key(h.Sum(nil)[:len(cache.Key{})]), nil
}

// cached renders jobs, or takes what an earlier run rendered of equal inputs. Failures are not kept: they may come from a
// limit, and whoever repairs a chart waits for them only once.
func (e *Planner) cached(jobs []*job, key string, render func() (*Rendered, error)) (*Rendered, error) {
	if e.cache == nil || !cacheable(jobs) {
		return render()
	}
	id, err := e.cacheKey(jobs)
	if err != nil {
		return nil, err
	}
	if facts, resources, found := e.cache.Get(id); found {
		var known cachedFacts
		if len(facts) == 0 || json.Unmarshal(facts, &known) == nil {
			if out, whole := known.restored(key, resources); whole {
				return out, nil
			}
		}
	}
	out, err := render()
	if err != nil {
		return nil, err
	}
	e.putCached(id, out)
	return out, nil
}

func (e *Planner) putCached(id cache.Key, out *Rendered) {
	var facts []byte
	if known := factsOf(out); !reflect.ValueOf(known).IsZero() {
		var err error
		if facts, err = json.Marshal(known); err != nil {
			return
		}
	}
	resources := slices.Concat(out.Resources, out.Unapplied)
	parts := make([]cache.Part, len(resources))
	for i, r := range resources {
		parts[i] = cache.Part{ID: r.ID() + "\x00" + r.Source + "\x00" + r.Name, Data: r.Pack}
	}
	e.cache.Put(id, facts, parts)
}

// FlushCache makes what was rendered until now visible to other runs.
func (e *Planner) FlushCache() {
	if e.cache != nil {
		e.cache.Flush()
	}
}
