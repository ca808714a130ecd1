package planner

import "slices"

// Diff compares what two trees make: it expands both, pairs their Applications, renders the pairs whose inputs differ, and
// collects what is not the same. Changes that are equal, except for what the client does not compare, are one.
func (e *Planner) Diff(base, head Side, filter Filter, uncompared Uncompared) (*Difference, error) {
	merging, err := uncompared.compile()
	if err != nil {
		return nil, err
	}
	d, err := e.expandSides(base, head, filter)
	if err != nil {
		return nil, err
	}
	all, changed, err := d.pairs()
	if err != nil {
		return nil, err
	}
	before := e.renders.total()
	results, err := d.render(changed, merging)
	if err != nil {
		return nil, err
	}
	out := e.collect(results)
	out.sets(d.base.expansion, "base")
	out.sets(d.head.expansion, "head")
	out.Sets = d.head.expansion.Sets
	out.Statistics = Statistics{
		Clusters: len(head.Clusters), Applications: all + filter.count(d.unconcerned), Changed: len(changed),
		Renders: e.renders.total() - before,
	}
	return out, nil
}

// diff is what is known of both sides of a comparison once they are expanded.
type diff struct {
	*Planner
	delta      *delta
	filter     Filter
	base, head *side
	// unconcerned are clusters that were not expanded: they read nothing that differs.
	unconcerned map[string]*footprint
}

// side is one of the two trees, with its clusters and what it makes in them.
type side struct {
	tree      *loaded
	clusters  map[string]*Cluster
	expansion *Expansion
}

// expandSides expands both trees; what reads nothing that differs is expanded once, or not at all.
func (e *Planner) expandSides(base, head Side, filter Filter) (*diff, error) {
	baseTree, err := e.tree(base.Tree)
	if err != nil {
		return nil, err
	}
	headTree, err := e.tree(head.Tree)
	if err != nil {
		return nil, err
	}
	delta := newDelta(baseTree, headTree)
	baseClusters, headClusters := filter.clusters(base.Clusters), filter.clusters(head.Clusters)
	kept := e.footprints(baseClusters, headClusters, delta, baseTree, headTree)
	unconcerned := delta.unconcerned(kept)
	baseClusters, headClusters = without(baseClusters, unconcerned), without(headClusters, unconcerned)
	before, err := e.expandAll(baseTree, baseClusters, nil)
	if err != nil {
		return nil, err
	}
	e.keepFootprints(before, delta, kept)
	expanded := map[string]*expansion{}
	for _, part := range before {
		expanded[part.cluster.Name] = part
	}
	after, err := e.expandAll(headTree, headClusters, func(c *Cluster) *Expansion {
		if part := expanded[c.Name]; part != nil && part.reusable(delta, headTree, c) {
			return part.on(delta, headTree)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &diff{
		Planner: e, delta: delta, filter: filter, unconcerned: unconcerned,
		base: &side{baseTree, index(baseClusters), joined(before)},
		head: &side{headTree, index(headClusters), joined(after)},
	}, nil
}

func index(clusters []Cluster) map[string]*Cluster {
	out := make(map[string]*Cluster, len(clusters))
	for i := range clusters {
		out[clusters[i].Name] = &clusters[i]
	}
	return out
}

func (f Filter) clusters(all []Cluster) []Cluster {
	if len(f.Clusters) == 0 {
		return all
	}
	var out []Cluster
	for _, c := range all {
		if slices.Contains(f.Clusters, c.Name) {
			out = append(out, c)
		}
	}
	return out
}

func (f Filter) wants(app *Expanded) bool {
	return contains(f.Clusters, app.Cluster) && contains(f.Applications, app.Name)
}

// count counts the wanted Applications of clusters that were not expanded.
func (f Filter) count(unconcerned map[string]*footprint) int {
	sum := 0
	for _, print := range unconcerned {
		for _, name := range print.Applications {
			if contains(f.Applications, name) {
				sum++
			}
		}
	}
	return sum
}

// contains holds for everything when the list is empty.
func contains(list []string, value string) bool {
	return len(list) == 0 || slices.Contains(list, value)
}
