package planner

import "testing"

func TestGroups_OnlyTheFirstOfAGroupKeepsItsManifests(t *testing.T) {
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}} {
		made := func(cluster, kind string) *pair {
			resources := []ResourceChange{{Kind: kind, Change: "change"}}
			return &pair{
				cluster: cluster, compared: &comparison{resources: resources, print: printOf(resources)},
				change: &Change{Application: "app", Change: "change", Clusters: []string{cluster}, Resources: resources, Readings: []*Reading{{}}},
			}
		}
		nothing := made("d", "Service")
		nothing.change.Resources = nil
		pairs := []*pair{made("a", "Deployment"), made("b", "Deployment"), made("c", "Service"), nothing}
		g := &groups{pairs: pairs, first: map[[32]byte]int{}}
		for _, i := range order {
			g.add(i)
		}
		for i, keeps := range []bool{true, false, true} {
			if kept := pairs[i].compared != nil && pairs[i].change.Resources != nil; kept != keeps {
				t.Errorf("order %v: pair %d keeps its manifests: %v, want %v", order, i, kept, keeps)
			}
		}
		d := &Difference{}
		d.collect(pairs, nil)
		if len(d.Changes) != 2 || len(d.Changes[0].Clusters) != 2 || d.Changes[0].Resources[0].Kind != "Deployment" {
			t.Errorf("order %v: %d changes, the first %+v", order, len(d.Changes), d.Changes[0])
		}
	}
}
