package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"sort"

	"onebranch.dev/renderer/cache"
)

// footprint is everything that making a cluster's Applications, and rendering them, looks for in a tree. What changes
// beside it changes nothing in that cluster. It is kept for later runs, so that a plan of a large fleet need not find out
// again and again what hundreds of clusters do not read.
type footprint struct {
	// Applications are the names, also those of several sources once.
	Applications []string `json:"applications"`
	// Patterns are those of git file generators.
	Patterns []string `json:"patterns"`
	// Files are value files, whether they exist or not; Dirs are the directories of charts and manifests.
	Files []string `json:"files"`
	Dirs  []string `json:"dirs"`
	// Deciding are the files among Files that decide which Applications there are.
	Deciding []string `json:"deciding"`
	// State identifies what a tree has where the footprint was taken: only on such a tree does the rest hold.
	State string `json:"state"`
}

// unconcerned finds the clusters of which earlier runs tell that nothing that differs is read for them.
func (e *Engine) unconcerned(base, head []Cluster, d *delta, baseTree, headTree *loaded) map[string]*footprint {
	if e.cache == nil || d.links || baseTree.repoURL != headTree.repoURL || baseTree.revision != headTree.revision {
		return nil
	}
	before := index(base)
	found := make([]*footprint, len(head))
	e.forEach(len(head), func(i int) {
		c := &head[i]
		if before[c.Name] == nil {
			return
		}
		key, ok := footprintKey(baseTree, c)
		was, same := footprintKey(baseTree, before[c.Name])
		if !ok || !same || was != key {
			return
		}
		facts, _, kept := e.cache.Get(key)
		f := &footprint{}
		if kept && json.Unmarshal(facts, f) == nil && f.State == f.stateOn(baseTree) && !f.meets(d) {
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

// keepFootprints keeps those of clusters that had to be expanded.
func (e *Engine) keepFootprints(parts []*expansion, d *delta) {
	if e.cache == nil || d.links {
		return
	}
	e.forEach(len(parts), func(i int) {
		x := parts[i]
		f, ok := x.footprint()
		if !ok {
			return
		}
		key, ok := footprintKey(x.tree, x.cluster)
		facts, err := json.Marshal(f)
		if ok && err == nil {
			e.cache.Put(key, facts, nil)
		}
	})
}

func footprintKey(t *loaded, c *Cluster) (cache.Key, bool) {
	data, err := json.Marshal(c)
	sum := sha256.Sum256(fmt.Appendf(nil, "footprint\x00%s\x00%s\x00%s\x00%s", Version, t.repoURL, t.revision, data))
	return cache.Key(sum[:len(cache.Key{})]), err == nil
}

// footprint returns what an expansion looked for; false where that cannot be told, or where something is wrong that every
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
		if app.Invalid != "" || len(app.Collides) > 0 || readsRevision(app.Application) || !addReads(x.tree, app, files, dirs) {
			return nil, false
		}
		f.Applications = append(f.Applications, app.Name)
	}
	for _, app := range x.holders {
		// What API versions it is told depends on all that the other Applications read.
		if x.engine.asks(x.tree, app) || !addReads(x.tree, app, deciding, dirs) {
			return nil, false
		}
	}
	f.Files, f.Dirs, f.Deciding = keysOf(files), keysOf(dirs), keysOf(deciding)
	f.State = f.stateOn(x.tree)
	return f, true
}

// addReads notes where an Application's sources look; false where that is not known by paths. It must know of everything
// that delta.touches asks for.
func addReads(t *loaded, app *Expanded, files, dirs map[string]bool) bool {
	for _, file := range app.ValueFiles {
		files[file.Path] = true
	}
	for _, source := range sourcesOf(app.Application) {
		if source.Chart != "" {
			continue
		}
		if helm := source.Helm; source.Path == "" || helm != nil && len(helm.FileParameters) > 0 {
			return false
		}
		// A kustomization reads what its files name.
		if kind, err := typeOf(t, source); err != nil || kind == kustomizeSource {
			return false
		}
		dirs[path.Clean(source.Path)] = true
	}
	return true
}

// meets tells whether something that differs is in the footprint.
func (f *footprint) meets(d *delta) bool {
	for _, list := range [][]string{f.Files, f.Deciding} {
		for _, file := range list {
			if d.changed[file] != "" {
				return true
			}
		}
	}
	for _, dir := range f.Dirs {
		if d.dirs[dir] {
			return true
		}
	}
	for _, pattern := range f.Patterns {
		if d.matches(pattern) {
			return true
		}
	}
	return false
}

// stateOn identifies what decides on a tree which Applications there are and what kind of sources they have.
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
		oid := ""
		if _, entry, err := t.Resolve(file); err == nil && entry != nil {
			oid = entry.OID
		}
		fmt.Fprintf(h, "%s\x00%s\x00", file, oid)
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
		oid := ""
		if _, entry, err := t.Resolve(name); err == nil && entry != nil {
			oid = entry.OID
		}
		fmt.Fprintf(h, "%s\x00%s\x00", name, oid)
	}
	sum := hex.EncodeToString(h.Sum(nil))
	t.globHashes.Store(pattern, sum)
	return sum
}

func keysOf(set map[string]bool) []string {
	out := make([]string, 0, len(set))
	for key := range set {
		out = append(out, key)
	}
	sort.Strings(out)
	return out
}

// without leaves out the clusters that nothing concerns.
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
