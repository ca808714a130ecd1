// Package planner answers the questions of the command-line tool about trees: which Applications, which manifests, what changes.
package planner

import (
	"fmt"
	"runtime"
	"sync"

	"onebranch.dev/renderer/admission"
	"onebranch.dev/renderer/appset"
	"onebranch.dev/renderer/cache"
	"onebranch.dev/renderer/chart"
	"onebranch.dev/renderer/manifest"
	"onebranch.dev/renderer/tree"
)

// Version is part of every render key: raise it when the same inputs render differently.
const Version = "2"

// HelmVersion is the version of the Helm libraries that load charts and compute their values. Templates see it too.
const HelmVersion = chart.HelmVersion

// Planner keeps what is known about all trees that the client has sent.
type Planner struct {
	blobs   *tree.Blobs
	files   *appset.FileCache
	workers int
	limits  chart.Limits
	charts  *chartStore
	renders *onceMap[*Rendered]
	cache   *cache.Store[*manifest.Resource]
	values  sync.Map
	// policy is nil if the client sent no admission policy.
	policy *admission.Policy
	// stopped counts for each chart how often it broke a limit.
	stopped tally
	// mentions are the words found in contents and sources; served is what the Applications of a cluster add to its API
	// versions.
	mentions, served sync.Map

	mu        sync.Mutex
	trees     map[string]*loaded
	documents map[string]*manifest.Resource
}

// loaded is a tree as the client described it.
type loaded struct {
	*tree.Tree
	repoURL, revision string
	// globHashes identify what patterns find; local lists, by chart directory, the charts of the tree that the chart
	// depends on.
	globHashes, local sync.Map
	// expansions are the clusters that were expanded so far, by clusterKey.
	expansions sync.Map
}

// dependencies returns the directories of the charts that the chart in a directory packs into itself.
func (t *loaded) dependencies(dir string) []string {
	if kept, ok := t.local.Load(dir); ok {
		return kept.([]string)
	}
	found, known := chart.LocalDependencies(t.Tree, dir)
	if known {
		t.local.Store(dir, found)
	}
	return found
}

// hashOfChart identifies all files that a chart is made of.
func (t *loaded) hashOfChart(dir string) (string, error) {
	hash, err := t.Hash(dir)
	if err != nil {
		return "", err
	}
	for _, dependency := range t.dependencies(dir) {
		more, err := t.Hash(dependency)
		if err != nil {
			more = err.Error()
		}
		hash = hash + " " + more
	}
	return hash, nil
}

// Options configure a planner.
type Options struct {
	// Workers is the number of renders at a time; 0 means one for each core.
	Workers int
	Limits  chart.Limits
	// Charts is a directory with third-party charts; ChartCache is where pulled ones are kept. Both may be empty.
	Charts, ChartCache string
	// Offline forbids pulling charts.
	Offline bool
	// Renders is where renders are kept for later runs, at most RendersBound bytes. Build identifies the renderer that
	// made them, because each reads only its own. Without a directory or a build nothing is kept.
	Renders, Build string
	RendersBound   int64
}

// New returns a planner that has no trees yet.
func New(o Options) *Planner {
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Limits.Time <= 0 {
		o.Limits.Time = chart.DefaultLimits.Time
	}
	if o.Limits.Bytes <= 0 {
		o.Limits.Bytes = chart.DefaultLimits.Bytes
	}
	e := &Planner{
		blobs:     tree.NewBlobs(),
		files:     appset.NewFileCache(),
		workers:   o.Workers,
		limits:    o.Limits,
		charts:    newChartStore(o),
		renders:   newOnceMap[*Rendered](),
		trees:     map[string]*loaded{},
		documents: map[string]*manifest.Resource{},
	}
	if o.Renders != "" && o.Build != "" && o.RendersBound > 0 {
		e.cache = cache.New(o.Renders, o.Build, o.RendersBound, manifest.Unpack)
	}
	return e
}

// PutBlob stores a file's content by its object id.
func (e *Planner) PutBlob(oid string, data []byte) { e.blobs.Put(oid, data) }

// PutTree names a tree; repoURL and revision are those that Applications of that tree use.
func (e *Planner) PutTree(name, repoURL, revision, commit string, entries []tree.Entry) {
	t := &loaded{Tree: tree.New(commit, entries, e.blobs), repoURL: repoURL, revision: revision}
	e.mu.Lock()
	e.trees[name] = t
	e.mu.Unlock()
}

// Admit sets the admission policy of all clusters that have a scope.
func (e *Planner) Admit(rules *admission.Rules) { e.policy = admission.New(rules) }

func (e *Planner) tree(name string) (*loaded, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	t := e.trees[name]
	if t == nil {
		return nil, fmt.Errorf("no tree is called %q", name)
	}
	return t, nil
}

// forEach runs work(0) to work(n-1) on the planner's workers.
func (e *Planner) forEach(n int, work func(i int)) {
	next := make(chan int, n)
	for i := range n {
		next <- i
	}
	close(next)
	var wait sync.WaitGroup
	for range min(e.workers, n) {
		wait.Go(func() {
			for i := range next {
				work(i)
			}
		})
	}
	wait.Wait()
}

// parsedValues parses each values file once.
func (e *Planner) parsedValues(oid string, data []byte) (map[string]any, error) {
	type parsed struct {
		values map[string]any
		err    error
	}
	if known, ok := e.values.Load(oid); ok {
		return known.(parsed).values, known.(parsed).err
	}
	values, err := chart.ParseValues(data)
	e.values.Store(oid, parsed{values, err})
	return values, err
}
