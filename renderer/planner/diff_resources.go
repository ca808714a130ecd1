package planner

import (
	"encoding/json"
	"errors"
	"path"
	"sort"
	"strconv"
	"strings"

	"onebranch.dev/renderer/admission"
	"onebranch.dev/renderer/appset"
	"onebranch.dev/renderer/manifest"
	"onebranch.dev/renderer/podsecurity"
)

// resourceChanges compares manifests. It also returns the resources whose manifests the answer names by id.
func resourceChanges(before, after *Rendered) ([]ResourceChange, []*manifest.Resource) {
	out := []ResourceChange{}
	var named []*manifest.Resource
	name := func(r *manifest.Resource) string {
		named = append(named, r)
		return r.ID()
	}
	old := map[string]*manifest.Resource{}
	if before != nil {
		keyOf := keys()
		for _, r := range before.Resources {
			old[keyOf(r)] = r
		}
	}
	if after != nil {
		keyOf := keys()
		for _, r := range after.Resources {
			key := keyOf(r)
			was := old[key]
			delete(old, key)
			if was != nil && was.Same(r) {
				continue
			}
			change := ResourceChange{
				APIVersion: r.APIVersion, Kind: r.Kind, Namespace: r.Namespace, Name: r.Name, Source: r.Source, Phases: r.Phases(),
				Change: "add", After: name(r),
			}
			if was != nil {
				change.Change, change.Before = "change", name(was)
				change.Fields = manifest.Diff(was.Object(), r.Object())
			}
			out = append(out, change)
		}
	}
	if after != nil {
		for _, r := range after.Unapplied {
			if was := old[r.Key()]; was != nil && r.IsSkipped() {
				// The deployed object stays as it is; only the annotation shows the change.
				delete(old, r.Key())
				out = append(out, ResourceChange{
					APIVersion: r.APIVersion, Kind: r.Kind, Namespace: r.Namespace, Name: r.Name, Source: r.Source,
					Change: "change", Before: name(was), After: name(r), Fields: manifest.HookChanges(was.Object(), r.Object()),
				})
			}
		}
	}
	for _, r := range old {
		out = append(out, ResourceChange{
			APIVersion: r.APIVersion, Kind: r.Kind, Namespace: r.Namespace, Name: r.Name, Source: r.Source, Phases: r.Phases(),
			Change: "remove", Before: name(r),
		})
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if a.Kind != b.Kind {
			return a.Kind < b.Kind
		}
		if a.Namespace != b.Namespace {
			return a.Namespace < b.Namespace
		}
		if a.Name != b.Name {
			return a.Name < b.Name
		}
		if a.APIVersion != b.APIVersion {
			return a.APIVersion < b.APIVersion
		}
		return a.Before+a.After < b.Before+b.After
	})
	return out, named
}

// keys returns what tells the resources of one side apart. Those without a name of their own are only the same as what is
// equal to them.
func keys() func(r *manifest.Resource) string {
	seen := map[string]int{}
	return func(r *manifest.Resource) string {
		key := r.Key()
		if r.IsGenerated() {
			key += " " + r.ID()
			seen[key]++
			key += " " + strconv.Itoa(seen[key])
		}
		return key
	}
}

// keep remembers a manifest, so that it can be asked for by its id.
func (e *Planner) keep(r *manifest.Resource) {
	id := r.ID()
	e.mu.Lock()
	e.documents[id] = r
	e.mu.Unlock()
}

// kept returns manifests in the order of their ids.
func (e *Planner) kept(ids []string) ([]*manifest.Resource, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := make([]*manifest.Resource, len(ids))
	for i, id := range ids {
		if out[i] = e.documents[id]; out[i] == nil {
			return nil, errors.New("no manifest has the id " + id)
		}
	}
	return out, nil
}

// Documents returns manifests by id.
func (e *Planner) Documents(ids []string) (map[string]json.RawMessage, error) {
	kept, err := e.kept(ids)
	out := make(map[string]json.RawMessage, len(kept))
	for _, document := range kept {
		out[document.ID()] = document.JSON()
	}
	return out, err
}

// Judge returns why a policy refuses manifests, by id; those that it admits are left out.
func (e *Planner) Judge(rules *admission.Rules, scope admission.Scope, ids []string) (map[string]string, error) {
	kept, err := e.kept(ids)
	if err != nil {
		return nil, err
	}
	judge, err := admission.New(rules).Judge(scope)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, document := range kept {
		if reason := judge.Refusal(jsonTypes(document.Object())); reason != "" {
			out[document.ID()] = reason
		}
	}
	return out, nil
}

// Pods returns why a namespace of a level of Pod Security refuses the pods of manifests, by id; those that it admits are left out.
func (e *Planner) Pods(level podsecurity.Level, ids []string) (map[string]string, error) {
	kept, err := e.kept(ids)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, document := range kept {
		reason, err := level.Refusal(document.JSON())
		if err != nil {
			reason = err.Error()
		}
		if reason != "" {
			out[document.ID()] = reason
		}
	}
	return out, nil
}

// inputChanges lists the changed files that at least one of the two Applications reads.
func inputChanges(p *pair, d *delta, base, head *loaded) []InputChange {
	out := []InputChange{}
	seen := map[string]bool{}
	add := func(file, role string) {
		if change := d.changed[file]; change != "" && !seen[file] {
			seen[file] = true
			out = append(out, InputChange{file, change, role})
		}
	}
	for i, app := range []*Expanded{p.base.app, p.head.app} {
		if app == nil {
			continue
		}
		for _, file := range app.Origins {
			add(file, "generator")
		}
		for _, file := range app.ValueFiles {
			add(file.Path, "values")
		}
		for _, source := range sourcesOf(app.Application) {
			if source.Chart != "" {
				continue
			}
			t := []*loaded{base, head}[i]
			for _, dir := range append(dirsOf(source), t.dependencies(source.Path)...) {
				if !d.dirs[dir] {
					continue
				}
				for file := range d.changed {
					if strings.HasPrefix(file, dir+"/") {
						add(file, "chart")
					}
				}
			}
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Path < out[j].Path })
	return out
}

// dirsOf are the directories that a source of the tree names.
func dirsOf(source *appset.Source) []string {
	if dirs := overlayDirs(source); dirs != nil {
		return dirs
	}
	return []string{path.Clean(source.Path)}
}

// existing lists the value files of an Application that exist.
func existing(app *Expanded) []string {
	out := []string{}
	if app == nil {
		return out
	}
	for _, file := range app.ValueFiles {
		if file.Exists {
			out = append(out, file.Path)
		}
	}
	return out
}
