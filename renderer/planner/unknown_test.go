package planner

import (
	"maps"
	"strings"
	"testing"

	"onebranch.dev/renderer/appset"
	"onebranch.dev/renderer/tree"
)

func TestWhatCannotBeKnownOfflineSaysWhy(t *testing.T) {
	files := chartFiles("charts/needy", configMap("x", "a: b"))
	files["charts/needy/Chart.yaml"] += "dependencies:\n- {name: redis, version: 1.2.3, repository: https://charts.example.com}\n"
	maps.Copy(files, chartFiles("charts/sample", configMap("x", "a: b")))
	files["jsonnet/a.jsonnet"] = "{}"
	files["remote/kustomization.yaml"] = "resources: [https://example.com/a.yaml]\n"
	files["inflating/kustomization.yaml"] = "helmCharts: [{name: redis}]\n"
	f := newFixture(t, Options{Offline: true}, files)
	helm := func(files ...string) *appset.Helm { return &appset.Helm{ValueFiles: files} }
	for name, c := range map[string]struct {
		source appset.Source
		reason string
	}{
		"an OCI chart": {
			appset.Source{RepoURL: "oci://registry.example.com/charts", Chart: "redis", TargetRevision: "1.2.3"},
			"the chart redis 1.2.3 of oci://registry.example.com/charts is not at hand; put redis-1.2.3.tgz into the directory of --charts",
		},
		"a third-party chart": {
			appset.Source{RepoURL: "https://charts.example.com", Chart: "redis", TargetRevision: "1.2.3"},
			"the chart redis 1.2.3 of https://charts.example.com is not at hand; put redis-1.2.3.tgz into the directory of --charts",
		},
		"a range": {
			appset.Source{RepoURL: "https://charts.example.com", Chart: "redis", TargetRevision: "^1.2"},
			`the version "^1.2" of the chart redis is a range; which version it means changes with its repository`,
		},
		"Jsonnet": {appset.Source{Path: "jsonnet"}, "jsonnet/a.jsonnet is Jsonnet"},
		"a plugin": {
			appset.Source{Path: "charts/sample", Plugin: &appset.Plugin{}}, "it is made by a config management plugin",
		},
		"another repository": {
			appset.Source{RepoURL: "https://git.example.com/other.git", TargetRevision: "main", Path: "a"},
			"its source is another repository (https://git.example.com/other.git)",
		},
		"another revision": {
			appset.Source{RepoURL: testRepo, TargetRevision: "v1", Path: "charts/sample"}, `its source is the revision "v1", not "main"`,
		},
		"values from the network": {
			appset.Source{Path: "charts/sample", Helm: helm("https://example.com/values.yaml")},
			"the value file https://example.com/values.yaml is read from the network",
		},
		"a missing dependency": {
			appset.Source{Path: "charts/needy"},
			"the dependency redis 1.2.3 of sample (https://charts.example.com) is not in its charts/ directory; commit it there (`helm dependency update`)",
		},
		"a kustomization from elsewhere": {
			appset.Source{Path: "remote"}, "the kustomization remote names https://example.com/a.yaml, which is not in the tree",
		},
		"a kustomization that inflates charts": {
			appset.Source{Path: "inflating"}, "the kustomization inflating inflates Helm charts",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := f.render(application("orders", c.source), Cluster{})
			wantUnknown(t, err, c.reason)
		})
	}
}

func TestUnknownGeneratorsSayWhy(t *testing.T) {
	f := newFixture(t, Options{}, chartFiles("charts/sample", configMap("x", "a: b")))
	for _, generator := range []string{"pullRequest", "scmProvider", "plugin", "clusterDecisionResource", "oci"} {
		t.Run(generator, func(t *testing.T) {
			cluster := clusterOf("dev", "charts/sample")
			spec := cluster.Roots[0]["spec"].(map[string]any)
			spec["generators"] = []any{map[string]any{generator: map[string]any{}}}
			out, err := f.Expand("tree", []Cluster{cluster})
			if err != nil {
				t.Fatal(err)
			}
			set := out.Sets[0]
			if len(out.Applications) != 0 || set.Error != "" || !strings.Contains(set.NotEvaluated, generator) {
				t.Errorf("the set should not be evaluated, with a reason that names %s: %+v", generator, set)
			}
		})
	}
}

func TestADifferenceSaysWhatChangesEachTime(t *testing.T) {
	before := chartFiles("charts/sample", configMap("x", `a: {{ (lookup "v1" "Secret" .Release.Namespace "x").data | default (randAlpha 5) }}`))
	diff := differenceOf(t, before, map[string]string{
		"charts/sample/values.yaml":        "a: 2\n",
		"charts/sample/templates/new.yaml": configMap("y", "a: {{ now | quote }}"),
	})
	reasons := map[string]bool{}
	for _, u := range diff.Unsteady {
		reasons[u.Application+": "+u.Reason] = true
	}
	for _, want := range []string{
		"sample: sample/templates/t0.yaml makes something else each time (randAlpha); Argo CD answers its lookup of v1 Secret with nothing",
		"sample: sample/templates/new.yaml makes something else each time (now, randAlpha)",
	} {
		if !reasons[want] {
			t.Errorf("the reason\n  %s\nis missing in\n  %v", want, reasons)
		}
	}
}

func TestADifferenceSaysWhatIsLookedUp(t *testing.T) {
	before := chartFiles("charts/sample", configMap("x", `a: x{{ lookup "v1" "Secret" "" "" | len }}{{ .Values.a }}`))
	diff := differenceOf(t, before, map[string]string{"charts/sample/values.yaml": "a: 2\n"})
	if len(diff.Changes) != 1 || len(diff.Unsteady) != 0 || len(diff.NotEvaluated) != 1 {
		t.Fatalf("should be one change with one note: %+v", diff)
	}
	want := "what is looked up in the cluster by sample/templates/t0.yaml: v1 Secret is not evaluated: it is taken to find nothing, as Argo CD takes it"
	if diff.NotEvaluated[0].Reason != want {
		t.Errorf("should say\n  %s\nand says\n  %s", want, diff.NotEvaluated[0].Reason)
	}
}

// differenceOf compares a tree with a copy in which some files are replaced.
func differenceOf(t *testing.T, before, changed map[string]string) *Difference {
	t.Helper()
	f := newFixture(t, Options{}, before)
	after := maps.Clone(before)
	maps.Copy(after, changed)
	var entries []tree.Entry
	for path, content := range after {
		entries = append(entries, tree.Entry{Path: path, Mode: tree.ModeFile, OID: blobID(content)})
		f.PutBlob(blobID(content), []byte(content))
	}
	f.PutTree("head", testRepo, "main", "fedcba", entries)
	clusters := []Cluster{clusterOf("dev", "charts/sample")}
	diff, err := f.Diff(Side{"tree", clusters}, Side{"head", clusters}, Filter{}, Uncompared{})
	if err != nil {
		t.Fatal(err)
	}
	return diff
}
