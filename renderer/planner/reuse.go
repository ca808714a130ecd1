package planner

import (
	"bytes"
	"encoding/json"
	"path"
	"slices"
	"strings"
	"sync"

	"onebranch.dev/renderer/appset"
	"onebranch.dev/renderer/tree"
)

// delta is what differs between two trees. It makes it cheap to see that something reads no changed file.
type delta struct {
	// changed maps each changed file to add, change or remove.
	changed map[string]string
	// dirs are all directories above changed files.
	dirs map[string]bool
	// matched caches which patterns find a changed file.
	matched sync.Map
}

func newDelta(base, head *loaded) *delta {
	d := &delta{changed: map[string]string{}, dirs: map[string]bool{}}
	a, b := base.Entries(), head.Entries()
	note := func(e tree.Entry, change string) {
		d.changed[e.Path] = change
		for dir := path.Dir(e.Path); !d.dirs[dir]; dir = path.Dir(dir) {
			d.dirs[dir] = true
		}
	}
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].Path < b[0].Path:
			note(a[0], "remove")
			a = a[1:]
		case len(a) == 0 || b[0].Path < a[0].Path:
			note(b[0], "add")
			b = b[1:]
		default:
			if a[0].OID != b[0].OID || a[0].Mode != b[0].Mode {
				note(b[0], "change")
			}
			a, b = a[1:], b[1:]
		}
	}
	return d
}

// matches reports whether a generator's pattern finds a changed file. The answer is cached, since all clusters of a stage
// use the same patterns.
func (d *delta) matches(pattern string) bool {
	if known, ok := d.matched.Load(pattern); ok {
		return known.(bool)
	}
	found := appset.Meets(pattern, d.changed)
	d.matched.Store(pattern, found)
	return found
}

// reads lists where the sources of an Application look in a tree: value files, whether they exist or not, and
// directories.
type reads struct{ files, dirs []string }

// readsOf returns false if paths alone do not show what is read.
func readsOf(t *loaded, app *Expanded) (reads, bool) {
	r := reads{files: make([]string, 0, len(app.ValueFiles)+len(app.Required))}
	for _, list := range [][]ValueFile{app.ValueFiles, app.Required} {
		for _, file := range list {
			r.files = append(r.files, file.Path)
		}
	}
	for _, source := range sourcesOf(app.Application) {
		if source.Chart != "" {
			if hasPatterns(source) {
				return r, false
			}
			continue
		}
		if helm := source.Helm; source.Path == "" || helm != nil && len(helm.FileParameters) > 0 || hasPatterns(source) {
			return r, false
		}
		if dirs := overlayDirs(source); dirs != nil {
			r.dirs = append(r.dirs, dirs...)
			continue
		}
		// A kustomization also reads what its files name.
		if kind, err := typeOf(t, source); err != nil || kind == kustomizeSource {
			return r, false
		}
		r.dirs = append(append(r.dirs, path.Clean(source.Path)), t.dependencies(source.Path)...)
	}
	return r, true
}

// meets reports whether one of the files, or a file in one of the directories, changed.
func (d *delta) meets(files, dirs []string) bool {
	return slices.ContainsFunc(files, func(file string) bool { return d.changed[file] != "" }) ||
		slices.ContainsFunc(dirs, func(dir string) bool { return d.dirs[dir] })
}

// touches reports whether an Application may read a changed file. If that is uncertain, it returns true.
func (d *delta) touches(t *loaded, app *Expanded) bool {
	if len(d.changed) == 0 {
		return false
	}
	r, known := readsOf(t, app)
	return !known || d.meets(r.files, r.dirs)
}

// readsRevision holds for Applications that use the commit's id, which differs even if no file does.
func readsRevision(app *appset.Application) bool {
	for _, source := range sourcesOf(app) {
		if source.Helm == nil {
			continue
		}
		for _, p := range source.Helm.Parameters {
			if strings.Contains(p.Value, "ARGOCD_APP_REVISION") {
				return true
			}
		}
		for _, file := range source.Helm.ValueFiles {
			if strings.Contains(file, "ARGOCD_APP_REVISION") {
				return true
			}
		}
	}
	return false
}

// reusable reports whether a cluster's ApplicationSets make the same on the other tree: the cluster is described the
// same, and no generator and no Application that holds sets reads a changed file.
func (x *expansion) reusable(d *delta, head *loaded, c *Cluster) bool {
	if !sameCluster(x.cluster, c) || x.tree.repoURL != head.repoURL || x.tree.revision != head.revision {
		return false
	}
	for _, app := range x.holders {
		if d.touches(x.tree, app) || readsRevision(app.Application) {
			return false
		}
	}
	return !x.inputs.Reads.Any(d.changed)
}

func sameCluster(a, b *Cluster) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// on copies an expansion to another tree. It looks again which value files exist there; everything else is shared.
func (x *expansion) on(d *delta, t *loaded) *Expansion {
	out := &Expansion{Sets: x.Sets, Errors: x.Errors, NotEvaluated: x.NotEvaluated}
	out.Applications = make([]*Expanded, len(x.Applications))
	for i, app := range x.Applications {
		out.Applications[i] = app
		isChanged := func(file ValueFile) bool { return d.changed[file.Path] != "" }
		finds := slices.ContainsFunc(sourcesOf(app.Application), hasPatterns)
		if finds || slices.ContainsFunc(app.ValueFiles, isChanged) || slices.ContainsFunc(app.Required, isChanged) {
			copied := *app
			makers, requirements := splitSources(t, app.Application)
			copied.ValueFiles, copied.Required = valueFiles(t, app.Application, makers), valueFiles(t, app.Application, requirements)
			out.Applications[i] = &copied
		}
	}
	return out
}
