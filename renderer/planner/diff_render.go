package planner

import (
	"encoding/json"
	"slices"
	"strings"
	"sync/atomic"

	"onebranch.dev/renderer/appset"
	"onebranch.dev/renderer/chart"
	"onebranch.dev/renderer/manifest"
)

// result is what became of one pair.
type result struct {
	pair             *pair
	baseErr, headErr error
	// change is nil where a content is missing.
	change *Change
	// named are the manifests that the change names by id; print is equal for changes that are merged. Both are only set for a
	// change that changes something.
	named    []*manifest.Resource
	print    [32]byte
	isChange bool
	unsteady []string
	// lookups are templates that ask the cluster, and are the same each time all the same.
	lookups []string
}

// render renders both halves of each pair and finds what differs. Manifests are let go as soon as no other pair needs them.
func (d *diff) render(pairs []*pair, merging *merging) ([]*result, error) {
	results := make([]*result, len(pairs))
	merged := &merged{results: results, first: map[[32]byte]int{}}
	comparisons := newOnceMap[*comparison]()
	comparisonUses := usesOf(pairs, func(p *pair) []string { return []string{p.keys()} })
	renderUses := usesOf(pairs, func(p *pair) []string { return []string{p.base.key, p.head.key} })
	missing := make([]error, len(pairs))
	d.forEach(len(pairs), func(i int) {
		p := pairs[i]
		var r *result
		if r, missing[i] = d.compare(p, merging, comparisons); missing[i] == nil {
			merged.add(i, r)
		}
		if comparisonUses[p.keys()].Add(-1) == 0 {
			comparisons.release(p.keys())
		}
		for _, key := range []string{p.base.key, p.head.key} {
			if left := renderUses[key]; left.Add(-1) == 0 && key != "" {
				d.renders.release(key)
			}
		}
	})
	for _, err := range missing {
		if err != nil {
			return nil, err
		}
	}
	return results, nil
}

// usesOf counts how many pairs have each key.
func usesOf(pairs []*pair, keys func(p *pair) []string) map[string]*atomic.Int64 {
	uses := map[string]*atomic.Int64{}
	for _, p := range pairs {
		for _, key := range keys(p) {
			if uses[key] == nil {
				uses[key] = &atomic.Int64{}
			}
			uses[key].Add(1)
		}
	}
	return uses
}

// comparison is what differs between two renders.
type comparison struct {
	resources []ResourceChange
	named     []*manifest.Resource
	print     [32]byte
}

// compare renders both halves of a pair. Its error is that of a content that has to be sent first.
func (d *diff) compare(p *pair, merging *merging, comparisons *onceMap[*comparison]) (*result, error) {
	r := &result{pair: p}
	var before, after *Rendered
	before, r.baseErr = d.renderHalf(&p.base)
	after, r.headErr = d.renderHalf(&p.head)
	for _, err := range []error{r.baseErr, r.headErr} {
		if missing, ok := isMissing(err); ok {
			return nil, missing
		}
	}
	c := &Change{Application: p.name, Change: "change", Clusters: []string{p.cluster}, Renders: 1}
	switch {
	case p.base.app == nil:
		c.Change = "add"
	case p.head.app == nil:
		c.Change = "remove"
	case p.base.app.Application != p.head.app.Application:
		c.Spec = specChanges(p.base.app.Application, p.head.app.Application)
	}
	if r.headErr != nil || r.baseErr != nil && p.head.app != nil {
		// Without both sides only the change of the Application itself is known.
		before, after = nil, nil
	}
	// Most pairs of a fleet share both renders with those of other clusters, and then what differs between them too.
	shared, _ := comparisons.get(keyOf(before)+" "+keyOf(after), func() (*comparison, error) {
		resources, named := resourceChanges(before, after)
		return &comparison{resources, named, merging.printOf(resources)}, nil
	})
	c.Resources = shared.resources
	c.Emptied = c.Change == "change" && keepsInSync(before) && !keepsInSync(after)
	c.Readings = []*Reading{{
		Clusters: []string{p.cluster}, Inputs: inputChanges(p, d.delta, d.base.tree, d.head.tree),
		Base: existing(p.base.app), Head: existing(p.head.app),
	}}
	if owner := ownerOf(p); owner != nil {
		c.Owners = []*Owner{owner}
	}
	r.change, r.named = c, shared.named
	if r.isChange = c.Change != "change" || len(c.Spec) > 0 || len(c.Resources) > 0; r.isChange {
		r.print = merging.fingerprint(c, shared.print)
	}
	for _, rendered := range []*Rendered{before, after} {
		if rendered == nil {
			continue
		}
		for _, u := range rendered.Unsteady {
			r.unsteady = append(r.unsteady, describe(u, rendered.Lookups))
		}
		if len(rendered.Unsteady) == 0 {
			r.lookups = append(r.lookups, rendered.Lookups...)
		}
	}
	return r, nil
}

// keepsInSync reports whether a render has an object that is not a hook.
func keepsInSync(r *Rendered) bool {
	return r != nil && slices.ContainsFunc(r.Resources, func(one *manifest.Resource) bool { return !one.IsHook() })
}

func (d *diff) renderHalf(h *half) (*Rendered, error) {
	if h.app == nil || h.err != nil {
		return nil, h.err
	}
	return d.renderJobs(h.jobs, h.key)
}

func ownerOf(p *pair) *Owner {
	if p.head.app == nil || p.head.app.project == nil {
		return nil
	}
	spec := &p.head.app.Application.Spec
	owner := &Owner{
		Clusters: []string{p.cluster}, Project: p.head.app.project.ID(), Destination: spec.Destination, Repositories: []string{},
	}
	sources := spec.Sources
	if spec.Source != nil {
		sources = []appset.Source{*spec.Source}
	}
	for _, source := range sources {
		if !slices.Contains(owner.Repositories, source.RepoURL) {
			owner.Repositories = append(owner.Repositories, source.RepoURL)
		}
	}
	return owner
}

func keyOf(r *Rendered) string {
	if r == nil {
		return ""
	}
	return r.Key
}

func specChanges(a, b *appset.Application) []manifest.Change {
	x, y := map[string]any{}, map[string]any{}
	for _, side := range []struct {
		app *appset.Application
		out *map[string]any
	}{{a, &x}, {b, &y}} {
		data, err := json.Marshal(side.app)
		if err == nil {
			_ = json.Unmarshal(data, side.out)
		}
	}
	return manifest.Diff(x, y)
}

// describe says which template is unsteady and why, and what it looks up: a random value often stands for what a lookup
// does not find.
func describe(u chart.Unsteady, lookups []string) string {
	text := u.Template + " makes something else each time (" + strings.Join(u.Functions, ", ") + ")"
	for _, lookup := range lookups {
		if what, own := strings.CutPrefix(lookup, u.Template+": "); own {
			text += "; Argo CD answers its lookup of " + what + " with nothing"
		}
	}
	return text
}
