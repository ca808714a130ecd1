package planner

import (
	"strings"
	"testing"

	"onebranch.dev/renderer/manifest"
)

var likePeople = Uncompared{OwnFields: "metadata.labels", Digest: "^[0-9a-f]{32}$", WholeKinds: "^Role$"}

func compiled(t *testing.T, u Uncompared) *merging {
	t.Helper()
	m, err := u.compile()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func resultOf(m *merging, cluster string, change ResourceChange) *result {
	resources := []ResourceChange{change}
	c := &Change{Application: "app", Change: "change", Clusters: []string{cluster}, Resources: resources, Readings: []*Reading{{}}}
	return &result{
		pair: &pair{cluster: cluster, name: "app"}, change: c, named: []*manifest.Resource{}, isChange: true,
		print: m.fingerprint(c, m.printOf(resources)),
	}
}

func TestMerged_OnlyTheFirstKeepsItsManifests(t *testing.T) {
	m := compiled(t, Uncompared{})
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}} {
		made := func(cluster, kind string) *result {
			return resultOf(m, cluster, ResourceChange{Kind: kind, Change: "change"})
		}
		nothing := made("d", "Service")
		nothing.isChange = false
		in := []*result{made("a", "Deployment"), made("b", "Deployment"), made("c", "Service"), nothing}
		all := &merged{results: make([]*result, len(in)), first: map[[32]byte]int{}}
		for _, i := range order {
			all.add(i, in[i])
		}
		for i, keeps := range []bool{true, false, true} {
			if kept := in[i].named != nil && in[i].change.Resources != nil; kept != keeps {
				t.Errorf("order %v: result %d keeps its manifests: %v, want %v", order, i, kept, keeps)
			}
		}
		d := New(Options{}).collect(all.results)
		if len(d.Changes) != 2 || len(d.Changes[0].Clusters) != 2 || d.Changes[0].Resources[0].Kind != "Deployment" {
			t.Errorf("order %v: %d changes, the first %+v", order, len(d.Changes), d.Changes[0])
		}
	}
}

func TestMerging(t *testing.T) {
	value := func(text string) *any {
		v := any(text)
		return &v
	}
	field := func(from, to string) []manifest.Change {
		return []manifest.Change{{Path: "a", From: value(from), To: value(to)}}
	}
	sum := func(letter string) string { return strings.Repeat(letter, 32) }
	change := func(kind, after string, fields []manifest.Change) ResourceChange {
		return ResourceChange{Kind: kind, Change: "change", After: after, Fields: fields}
	}
	for _, c := range []struct {
		title             string
		a, b              ResourceChange
		equal, uncompared bool
	}{
		{"equal in every byte", change("Role", "1", field("x", "y")), change("Role", "1", field("x", "y")), true, true},
		{"another manifest with the same fields", change("Service", "1", field("x", "y")), change("Service", "2", field("x", "y")), false, true},
		{"another manifest of a kind that is judged as a whole", change("Role", "1", field("x", "y")), change("Role", "2", field("x", "y")), false, false},
		{"another digest", change("Service", "1", field(sum("a"), sum("b"))), change("Service", "1", field(sum("c"), sum("d"))), false, true},
		{"a digest on one side", change("Service", "1", field(sum("a"), "y")), change("Service", "1", field(sum("c"), "y")), false, false},
		{"another value", change("Service", "1", field("x", "y")), change("Service", "1", field("x", "z")), false, false},
		{"another new manifest", ResourceChange{Kind: "Service", Change: "add", After: "1"}, ResourceChange{Kind: "Service", Change: "add", After: "2"}, false, false},
	} {
		for _, with := range []struct {
			uncompared Uncompared
			want       bool
		}{{Uncompared{}, c.equal}, {likePeople, c.uncompared}} {
			m := compiled(t, with.uncompared)
			if got := resultOf(m, "a", c.a).print == resultOf(m, "b", c.b).print; got != with.want {
				t.Errorf("%s with %+v: merged is %v, should be %v", c.title, with.uncompared, got, with.want)
			}
		}
	}
}

func TestMergingOfFieldsThatNameTheCluster(t *testing.T) {
	printOf := func(u Uncompared, path, to string) [32]byte {
		v := any(to)
		return compiled(t, u).fingerprint(&Change{Application: "app", Change: "change", Spec: []manifest.Change{{Path: path, To: &v}}}, [32]byte{})
	}
	label := "metadata.labels[\"cluster\"]"
	if printOf(Uncompared{}, label, "a") == printOf(Uncompared{}, label, "b") {
		t.Error("labels should be compared when nothing is said of them")
	}
	if printOf(likePeople, label, "a") != printOf(likePeople, label, "b") {
		t.Error("labels should not be compared")
	}
	if printOf(likePeople, "spec.project", "a") == printOf(likePeople, "spec.project", "b") {
		t.Error("other fields should be compared")
	}
}

func TestAnExpressionThatIsNone(t *testing.T) {
	if _, err := (Uncompared{Digest: "("}).compile(); err == nil || !strings.HasPrefix(err.Error(), "uncompared.digest: ") {
		t.Errorf("is %v", err)
	}
}
