package engine

import (
	"encoding/json"
	"errors"
	"sort"

	"onebranch.dev/renderer/manifest"
)

func (e *Engine) resourceChanges(before, after *Rendered) []ResourceChange {
	out := []ResourceChange{}
	old := map[string]*manifest.Resource{}
	if before != nil {
		for _, r := range before.Resources {
			old[r.Key()] = r
		}
	}
	if after != nil {
		for _, r := range after.Resources {
			was := old[r.Key()]
			delete(old, r.Key())
			if was != nil && was.ID == r.ID {
				continue
			}
			change := ResourceChange{
				APIVersion: r.APIVersion, Kind: r.Kind, Namespace: r.Namespace, Name: r.Name, Source: r.Source,
				Change: "add", After: e.keep(r),
			}
			if was != nil {
				change.Change, change.Before = "change", e.keep(was)
				change.Fields = manifest.Diff(was.Object, r.Object)
			}
			out = append(out, change)
		}
	}
	for _, r := range old {
		out = append(out, ResourceChange{
			APIVersion: r.APIVersion, Kind: r.Kind, Namespace: r.Namespace, Name: r.Name, Source: r.Source,
			Change: "remove", Before: e.keep(r),
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
		return a.APIVersion < b.APIVersion
	})
	return out
}

// keep remembers a manifest for a later question by its id.
func (e *Engine) keep(r *manifest.Resource) string {
	e.mu.Lock()
	e.documents[r.ID] = r.JSON
	e.mu.Unlock()
	return r.ID
}

// Documents returns manifests by id.
func (e *Engine) Documents(ids []string) (map[string]json.RawMessage, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := make(map[string]json.RawMessage, len(ids))
	for _, id := range ids {
		document, ok := e.documents[id]
		if !ok {
			return nil, errors.New("no manifest has the id " + id)
		}
		out[id] = document
	}
	return out, nil
}

// inputChanges lists the files that differ and that one of the two Applications reads.
func inputChanges(p *pair, baseTree, headTree *loaded) []InputChange {
	out := []InputChange{}
	seen := map[string]bool{}
	add := func(file, role string) {
		if seen[file] {
			return
		}
		seen[file] = true
		_, a, _ := baseTree.Resolve(file)
		_, b, _ := headTree.Resolve(file)
		change := ""
		switch {
		case a == nil && b != nil:
			change = "add"
		case a != nil && b == nil:
			change = "remove"
		case a != nil && b != nil && a.OID != b.OID:
			change = "change"
		default:
			return
		}
		out = append(out, InputChange{file, change, role})
	}
	for _, app := range []*Expanded{p.base, p.head} {
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
			for _, t := range []*loaded{baseTree, headTree} {
				files, err := t.Walk(source.Path, nil)
				if err != nil {
					continue
				}
				for _, f := range files {
					add(source.Path+"/"+f.Name, "chart")
				}
			}
		}
	}
	return out
}
