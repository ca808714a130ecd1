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

// cachedFacts is what the cache keeps of a render in addition to its resources.
type cachedFacts struct {
	Unsteady []chart.Unsteady     `json:"unsteady,omitempty"`
	Lookups  []string             `json:"lookups,omitempty"`
	Repeated []*manifest.Repeated `json:"repeated,omitempty"`
	Dropped  []chart.Dropped      `json:"dropped,omitempty"`
	// Unapplied is how many resources, at the end of the list, Argo CD does not apply.
	Unapplied int `json:"unapplied,omitempty"`
}

func factsOf(r *Rendered) cachedFacts {
	return cachedFacts{r.Unsteady, r.Lookups, r.Repeated, r.Dropped, len(r.Unapplied)}
}

// restored rebuilds a render from the cache; false if its facts and resources do not fit together.
func (known cachedFacts) restored(key string, resources []*manifest.Resource) (*Rendered, bool) {
	applied := len(resources) - known.Unapplied
	if applied < 0 {
		return nil, false
	}
	built := manifest.Built{Resources: resources[:applied], Unapplied: resources[applied:], Repeated: known.Repeated}
	return &Rendered{Key: key, Built: built, Unsteady: known.Unsteady, Lookups: known.Lookups, Dropped: known.Dropped}, true
}

// cacheable holds for renders that take longer than reading them from the cache would. Plain manifests only have to be
// read anyway.
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

// cacheKey identifies a render across runs. Unlike the key within one run it includes the digest of a packed chart:
// another directory of --charts may hold a different chart of the same name.
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

// cached renders jobs, or returns what an earlier run rendered from equal inputs. Failures are not cached: they may come
// from a limit, and a failed render costs time only until the chart is repaired.
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

// FlushCache makes everything rendered so far visible to other runs.
func (e *Planner) FlushCache() {
	if e.cache != nil {
		e.cache.Flush()
	}
}
