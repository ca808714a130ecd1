package planner

import (
	"slices"
	"sort"
)

// collect merges the changes of results that have the same print: a change that is the same in many clusters is one.
func (e *Planner) collect(results []*result) *Difference {
	d := &Difference{
		Changes: []*Change{}, NotEvaluated: []*Failure{}, Failed: []*Failure{}, SetErrors: []*SetProblem{},
		SetsUnknown: []*SetProblem{}, Unsteady: []*Failure{},
	}
	merged := map[[32]byte]*Change{}
	renders := map[*Change]map[string]bool{}
	for _, r := range results {
		d.note(r)
		if !r.isChange {
			continue
		}
		c := merged[r.print]
		if c == nil {
			c = r.change
			merged[r.print], renders[c] = c, map[string]bool{}
			d.Changes = append(d.Changes, c)
			for _, named := range r.named {
				e.keep(named)
			}
		} else {
			c.Clusters = append(c.Clusters, r.pair.cluster)
			c.read(r.change.Readings[0])
			c.own(r.change.Owners)
		}
		if r.change.Owners != nil {
			e.keep(r.pair.head.app.project)
		}
		renders[c][r.pair.keys()] = true
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
	return d
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

// own adds the AppProject of one more cluster.
func (c *Change) own(owners []*Owner) {
	for _, one := range owners {
		at := slices.IndexFunc(c.Owners, func(have *Owner) bool {
			return have.Project == one.Project && have.Destination == one.Destination && slices.Equal(have.Repositories, one.Repositories)
		})
		if at < 0 {
			c.Owners = append(c.Owners, one)
		} else {
			c.Owners[at].Clusters = append(c.Owners[at].Clusters, one.Clusters...)
		}
	}
}

// note records why a side is not known, or why its manifests are not the same each time.
func (d *Difference) note(r *result) {
	p := r.pair
	for _, side := range []struct {
		name string
		err  error
	}{{"base", r.baseErr}, {"head", r.headErr}} {
		if side.err == nil {
			continue
		}
		if isNotEvaluated(side.err) {
			d.NotEvaluated = addFailure(d.NotEvaluated, p.name, p.cluster, side.name, side.err.Error())
		} else {
			d.Failed = addFailure(d.Failed, p.name, p.cluster, side.name, side.err.Error())
		}
	}
	for _, reason := range r.unsteady {
		d.Unsteady = addFailure(d.Unsteady, p.name, p.cluster, "head", reason)
	}
	for _, lookup := range r.lookups {
		d.NotEvaluated = addFailure(d.NotEvaluated, p.name, p.cluster, "head", "what is looked up in the cluster by "+lookup+" is not evaluated: it is taken to find nothing, as Argo CD takes it")
	}
}

func addFailure(list []*Failure, application, cluster, side, reason string) []*Failure {
	for _, f := range list {
		if f.Application == application && f.Side == side && f.Reason == reason {
			if f.Clusters[len(f.Clusters)-1] != cluster {
				f.Clusters = append(f.Clusters, cluster)
			}
			return list
		}
	}
	return append(list, &Failure{application, []string{cluster}, side, reason})
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
