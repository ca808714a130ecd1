package planner

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"onebranch.dev/renderer/cache"
)

// footprint is everything in a tree that expanding a cluster and rendering its Applications depends on. Other changes
// have no effect in that cluster. It is kept for later runs, so that a plan of a large fleet need not determine each time
// what hundreds of clusters do not read.
type footprint struct {
	// Applications are the names, each once even if the Application has several sources.
	Applications []string `json:"applications"`
	// Patterns are those of git file generators.
	Patterns []string `json:"patterns"`
	// Files are value files, whether they exist or not; Dirs are the directories of charts and manifests.
	Files []string `json:"files"`
	Dirs  []string `json:"dirs"`
	// Deciding are those of the Files that decide which Applications there are.
	Deciding []string `json:"deciding"`
	// State identifies what the tree had at these places when the footprint was taken. The rest holds only for a tree
	// with the same state.
	State string `json:"state"`
}

// footprints returns those that earlier runs kept, for clusters that are described the same on both sides, if they hold
// on the base.
func (e *Planner) footprints(base, head []Cluster, d *delta, baseTree, headTree *loaded) map[string]*footprint {
	if e.cache == nil || baseTree.repoURL != headTree.repoURL || baseTree.revision != headTree.revision {
		return nil
	}
	before := index(base)
	found := make([]*footprint, len(head))
	e.forEach(len(head), func(i int) {
		c := &head[i]
		if before[c.Name] == nil {
			return
		}
		key, ok := e.clusterKey(baseTree, c)
		was, same := e.clusterKey(baseTree, before[c.Name])
		if !ok || !same || was != key {
			return
		}
		facts, _, kept := e.cache.Get(key)
		f := &footprint{}
		if kept && json.Unmarshal(facts, f) == nil && f.State == f.stateOn(baseTree) {
			found[i] = f
		}
	})
	out := map[string]*footprint{}
	for i, f := range found {
		if f != nil {
			out[head[i].Name] = f
		}
	}
	return out
}

// unconcerned returns the clusters that read no changed file.
func (d *delta) unconcerned(known map[string]*footprint) map[string]*footprint {
	out := map[string]*footprint{}
	for name, f := range known {
		if !f.meets(d) {
			out[name] = f
		}
	}
	return out
}

// keepFootprints keeps those of expanded clusters, except the ones that are already known.
func (e *Planner) keepFootprints(parts []*expansion, d *delta, known map[string]*footprint) {
	if e.cache == nil {
		return
	}
	e.forEach(len(parts), func(i int) {
		x := parts[i]
		if known[x.cluster.Name] != nil {
			return
		}
		f, ok := x.footprint()
		if !ok {
			return
		}
		key, ok := e.clusterKey(x.tree, x.cluster)
		facts, err := json.Marshal(f)
		if ok && err == nil {
			e.cache.Put(key, facts, nil)
		}
	})
}

// clusterKey identifies what a cluster is and what its Applications are called, but not what is in the tree.
func (e *Planner) clusterKey(t *loaded, c *Cluster) (cache.Key, bool) {
	data, err := json.Marshal(c)
	sum := sha256.Sum256(fmt.Appendf(nil, "footprint\x00%s\x00%s\x00%s\x00%s\x00%s", Version, e.policy.Digest(), t.repoURL, t.revision, data))
	return cache.Key(sum[:len(cache.Key{})]), err == nil
}

// footprint returns what an expansion depends on; false if that cannot be determined, or if there is an error that every
// plan has to mention.
func (x *expansion) footprint() (*footprint, bool) {
	if x.inputs == nil || len(x.Errors) > 0 || len(x.NotEvaluated) > 0 {
		return nil, false
	}
	patterns, ok := x.inputs.Reads.Patterns()
	if !ok {
		return nil, false
	}
	for _, set := range x.Sets {
		if set.Error != "" || set.NotEvaluated != "" {
			return nil, false
		}
	}
	files, dirs, deciding := map[string]bool{}, map[string]bool{}, map[string]bool{}
	f := &footprint{Patterns: patterns}
	for _, app := range x.Applications {
		if app.Invalid != "" || len(app.Collides) > 0 || readsRevision(app.Application) {
			return nil, false
		}
		r, ok := readsOf(x.tree, app)
		if !ok {
			return nil, false
		}
		addAll(files, r.files)
		addAll(dirs, r.dirs)
		f.Applications = append(f.Applications, app.Name)
	}
	for _, app := range x.holders {
		// The API versions that it is given depend on everything that the other Applications read.
		if x.planner.asks(x.tree, app) {
			return nil, false
		}
		for _, file := range app.ValueFiles {
			deciding[file.Path] = true
		}
	}
	f.Files, f.Dirs, f.Deciding = sorted(files), sorted(dirs), sorted(deciding)
	f.State = f.stateOn(x.tree)
	return f, true
}

// meets reports whether a changed file is in the footprint.
func (f *footprint) meets(d *delta) bool {
	return d.meets(f.Files, f.Dirs) || slices.ContainsFunc(f.Patterns, d.matches)
}

// stateOn identifies everything in a tree that decides which Applications there are and what kind of sources they have.
func (f *footprint) stateOn(t *loaded) string {
	h := sha256.New()
	for _, pattern := range f.Patterns {
		fmt.Fprintf(h, "%s\x00%s\x00", pattern, t.hashGlob(pattern))
	}
	for _, dir := range f.Dirs {
		sum, err := t.Hash(dir)
		fmt.Fprintf(h, "%s\x00%s\x00%v\x00", dir, sum, err)
	}
	for _, file := range f.Deciding {
		fmt.Fprintf(h, "%s\x00%s\x00", file, t.oidOf(file))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// hashGlob identifies what a pattern finds. The clusters of a stage share their patterns.
func (t *loaded) hashGlob(pattern string) string {
	if known, ok := t.globHashes.Load(pattern); ok {
		return known.(string)
	}
	h := sha256.New()
	names, err := t.Glob(pattern)
	fmt.Fprintf(h, "%v\x00", err)
	for _, name := range names {
		fmt.Fprintf(h, "%s\x00%s\x00", name, t.oidOf(name))
	}
	sum := hex.EncodeToString(h.Sum(nil))
	t.globHashes.Store(pattern, sum)
	return sum
}

// oidOf returns the object id of a file, or an empty text if there is no file.
func (t *loaded) oidOf(name string) string {
	if _, entry, err := t.Resolve(name); err == nil && entry != nil {
		return entry.OID
	}
	return ""
}

func addAll(set map[string]bool, list []string) {
	for _, item := range list {
		set[item] = true
	}
}

func sorted(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }

// without leaves out the unconcerned clusters.
func without(clusters []Cluster, unconcerned map[string]*footprint) []Cluster {
	if len(unconcerned) == 0 {
		return clusters
	}
	out := make([]Cluster, 0, len(clusters)-len(unconcerned))
	for _, c := range clusters {
		if unconcerned[c.Name] == nil {
			out = append(out, c)
		}
	}
	return out
}
