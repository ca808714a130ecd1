package planner

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"sort"
	"strings"
	"sync"

	"onebranch.dev/renderer/chart"
	"onebranch.dev/renderer/manifest"
)

// groups finds out while pairs are compared which of them are told as one, so that only the first of each group keeps its
// manifests until the end: all those of a large fleet do not fit into memory.
type groups struct {
	pairs []*pair

	mu    sync.Mutex
	first map[[32]byte]int
}

// add takes in a pair that was compared, by its place; they may come in any order.
func (g *groups) add(i int) {
	p := g.pairs[i]
	if p.change == nil || p.change.isNothing() {
		return
	}
	p.print, p.grouped = p.change.fingerprint(p.compared.print), true
	g.mu.Lock()
	defer g.mu.Unlock()
	first, known := g.first[p.print]
	switch {
	case !known:
		g.first[p.print] = i
	case first < i:
		p.forget()
	default:
		g.pairs[first].forget()
		g.first[p.print] = i
	}
}

// forget drops what is told by another pair of the group.
func (p *pair) forget() { p.compared, p.change.Resources = nil, nil }

// collect groups pairs: a change that is the same in many clusters is one.
func (d *Difference) collect(pairs []*pair, keep func(*manifest.Resource)) {
	groups := map[[32]byte]*Change{}
	renders := map[*Change]map[string]bool{}
	for _, p := range pairs {
		d.note(p)
		if !p.grouped {
			continue
		}
		c := p.change
		group := groups[p.print]
		if group == nil {
			groups[p.print] = c
			renders[c] = map[string]bool{p.baseKey + p.headKey: true}
			d.Changes = append(d.Changes, c)
			for _, r := range p.compared.named {
				keep(r)
			}
			continue
		}
		group.Clusters = append(group.Clusters, p.cluster)
		renders[group][p.baseKey+p.headKey] = true
		group.read(c.Readings[0])
	}
	for _, c := range d.Changes {
		c.Renders = len(renders[c])
	}
	sort.SliceStable(d.Changes, func(i, j int) bool {
		a, b := d.Changes[i], d.Changes[j]
		if a.Application != b.Application {
			return a.Application < b.Application
		}
		return a.Clusters[0] < b.Clusters[0]
	})
}

// isNothing holds for a pair whose inputs differ and whose manifests do not.
func (c *Change) isNothing() bool {
	return c.Change == "change" && len(c.Spec) == 0 && len(c.Resources) == 0
}

// fingerprint is equal for changes that look the same to a person: the same fields get the same values.
func (c *Change) fingerprint(resources [32]byte) [32]byte {
	h := sha256.New()
	encoder := json.NewEncoder(h)
	_ = encoder.Encode([]any{c.Application, c.Change})
	for _, change := range c.Spec {
		if !isOwnPlace(change.Path) {
			_ = encoder.Encode(change)
		}
	}
	_, _ = h.Write(resources[:])
	return [32]byte(h.Sum(nil))
}

// printOf is the resources' part of a fingerprint.
func printOf(resources []ResourceChange) [32]byte {
	h := sha256.New()
	encoder := json.NewEncoder(h)
	for _, r := range resources {
		if r.Change == "change" {
			if !judgedWhole.MatchString(r.Kind) {
				r.Before, r.After = "", ""
			}
			r.Fields = withoutSums(r.Fields)
		}
		_ = encoder.Encode(r)
	}
	return [32]byte(h.Sum(nil))
}

// judgedWhole are kinds of which a changed field means nothing without the rest, as a verb without its resources.
var judgedWhole = regexp.MustCompile(`^((Cluster)?Role(Binding)?|CustomResourceDefinition)$`)

var checksum = regexp.MustCompile(`^[0-9a-f]{32,128}$`)

// withoutSums leaves out the values of fields that only say that something else changed, such as the checksum of a
// ConfigMap in an annotation: they differ from cluster to cluster where that other change is the same.
func withoutSums(fields []manifest.Change) []manifest.Change {
	out := make([]manifest.Change, len(fields))
	for i, field := range fields {
		out[i] = field
		if isSum(field.From) && isSum(field.To) {
			out[i] = manifest.Change{Path: field.Path}
		}
	}
	return out
}

func isSum(value *any) bool {
	if value == nil {
		return false
	}
	text, ok := (*value).(string)
	return ok && checksum.MatchString(text)
}

// isOwnPlace holds for the fields of a spec that name the cluster itself.
func isOwnPlace(path string) bool {
	return strings.HasPrefix(path, "metadata.labels") || strings.HasPrefix(path, "metadata.labels[")
}

// read adds what one more cluster reads.
func (c *Change) read(one *Reading) {
	for _, have := range c.Readings {
		if slices.Equal(have.Inputs, one.Inputs) && slices.Equal(have.Base, one.Base) && slices.Equal(have.Head, one.Head) {
			have.Clusters = append(have.Clusters, one.Clusters...)
			return
		}
	}
	c.Readings = append(c.Readings, one)
}

// note records why a side is not known, or why its manifests are not the same each time.
func (d *Difference) note(p *pair) {
	for _, side := range []struct {
		name string
		err  error
	}{{"base", p.baseErr}, {"head", p.headErr}} {
		if side.err == nil {
			continue
		}
		var unknown *NotEvaluated
		if errors.As(side.err, &unknown) {
			d.NotEvaluated = addFailure(d.NotEvaluated, p, side.name, side.err.Error())
		} else {
			d.Failed = addFailure(d.Failed, p, side.name, side.err.Error())
		}
	}
	for _, reason := range p.unsteady {
		d.Unsteady = addFailure(d.Unsteady, p, "head", reason)
	}
	for _, lookup := range p.lookups {
		d.NotEvaluated = addFailure(d.NotEvaluated, p, "head", "what is looked up in the cluster by "+lookup+" is not evaluated: it is taken to find nothing, as Argo CD takes it")
	}
}

func addFailure(list []*Failure, p *pair, side, reason string) []*Failure {
	for _, f := range list {
		if f.Application == p.name && f.Side == side && f.Reason == reason {
			if f.Clusters[len(f.Clusters)-1] != p.cluster {
				f.Clusters = append(f.Clusters, p.cluster)
			}
			return list
		}
	}
	return append(list, &Failure{p.name, []string{p.cluster}, side, reason})
}

// sets records the ApplicationSets that fail or cannot be evaluated, and bootstrap Applications that hold sets and fail.
func (d *Difference) sets(x *Expansion, side string) {
	add := func(list []*SetProblem, set, cluster, reason string) []*SetProblem {
		for _, p := range list {
			if p.Set == set && p.Side == side && p.Reason == reason {
				p.Clusters = append(p.Clusters, cluster)
				return list
			}
		}
		return append(list, &SetProblem{set, []string{cluster}, side, reason})
	}
	for _, set := range x.Sets {
		if set.Error != "" {
			d.SetErrors = add(d.SetErrors, set.Name, set.Cluster, set.Error)
		}
		if set.NotEvaluated != "" {
			d.SetsUnknown = add(d.SetsUnknown, set.Name, set.Cluster, set.NotEvaluated)
		}
	}
	for _, problem := range x.Errors {
		d.SetErrors = add(d.SetErrors, problem.Application, problem.Cluster, problem.Reason)
	}
	for _, problem := range x.NotEvaluated {
		d.SetsUnknown = add(d.SetsUnknown, problem.Application, problem.Cluster, problem.Reason)
	}
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

// expandBoth expands both trees; what reads nothing that differs is expanded once.
func (e *Planner) expandBoth(base, head Side, d *delta, baseTree, headTree *loaded, kept map[string]*footprint) (*Expansion, *Expansion, error) {
	before, err := e.expandAll(baseTree, base.Clusters, nil)
	if err != nil {
		return nil, nil, err
	}
	e.keepFootprints(before, d, kept)
	known := map[string]*expansion{}
	for _, part := range before {
		known[part.cluster.Name] = part
	}
	after, err := e.expandAll(headTree, head.Clusters, func(c *Cluster) *Expansion {
		if part := known[c.Name]; part != nil && part.reusable(d, headTree, c) {
			return part.on(d, headTree)
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	return joined(before), joined(after), nil
}

func (f Filter) clusters(all []Cluster) []Cluster {
	if len(f.Clusters) == 0 {
		return all
	}
	var out []Cluster
	for _, c := range all {
		if contains(f.Clusters, c.Name) {
			out = append(out, c)
		}
	}
	return out
}
