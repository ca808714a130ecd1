package planner

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"onebranch.dev/renderer/appset"
	"onebranch.dev/renderer/chart"
)

func TestRender_LeavesAChartAloneThatWasStoppedOften(t *testing.T) {
	f := newFixture(t, Options{Limits: chart.Limits{Time: 50 * time.Millisecond, Bytes: 1 << 20}, Offline: true}, map[string]string{
		"charts/bad/Chart.yaml":       "apiVersion: v2\nname: bad\nversion: 1.0.0\n",
		"charts/bad/templates/a.yaml": "{{ range 1000000000000 }}{{ end }}",
		"charts/ok/Chart.yaml":        "apiVersion: v2\nname: ok\nversion: 1.0.0\n",
		"charts/ok/templates/a.yaml":  "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n",
	})
	for round := range maxStops + 2 {
		_, err := f.render(application(fmt.Sprintf("app-%d", round), appset.Source{Path: "charts/bad"}), Cluster{})
		want := "the chart charts/bad was stopped: a template does not come to an end in time (at most 50ms"
		if round >= maxStops {
			want = "the chart charts/bad was stopped 3 times already"
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("round %d: error should contain %q, is %v", round, want, err)
		}
	}
	if _, err := f.render(application("fine", appset.Source{Path: "charts/ok"}), Cluster{}); err != nil {
		t.Errorf("another chart should render, but: %v", err)
	}
	if left := running.longest(); len(left) > 0 {
		t.Errorf("stopped renders should end by themselves, but these go on: %v", left)
	}
}

func TestExpand_StopsAnApplicationSetThatRunsWild(t *testing.T) {
	for _, template := range []string{
		"{{ range until 1000000 }}{{ range until 1000000 }}{{ end }}{{ end }}",
		"{{ $x := \"x\" }}{{ range until 60 }}{{ $x = print $x $x }}{{ end }}",
		"{{ range until 1000000 }}0123456789{{ end }}",
	} {
		f := newFixture(t, Options{Limits: chart.Limits{Time: 100 * time.Millisecond}, Offline: true}, map[string]string{"a": ""})
		root := map[string]any{
			"metadata": map[string]any{"name": "wild", "namespace": "argocd"},
			"spec": map[string]any{
				"goTemplate": true,
				"generators": []any{map[string]any{"list": map[string]any{"elements": []any{map[string]any{"a": "b"}}}}},
				"template":   map[string]any{"metadata": map[string]any{"name": template}, "spec": map[string]any{"project": "default"}},
			},
		}
		out, err := f.Expand("tree", []Cluster{{Name: "dev", Roots: []map[string]any{root}, Projects: []string{"default"}}})
		if err != nil {
			t.Fatal(err)
		}
		if got := out.Sets[0].Error; !strings.HasPrefix(got, "it was stopped: a template ") {
			t.Errorf("%s: the set should have been stopped, its error is %q", template, got)
		}
	}
}
