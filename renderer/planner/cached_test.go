package planner

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"onebranch.dev/renderer/appset"
	"onebranch.dev/renderer/cache"
	"onebranch.dev/renderer/chart"
)

// sampleInputs are all inputs that may affect a render; a case changes one of them.
type sampleInputs struct {
	files   map[string]string
	app     *Expanded
	cluster Cluster
	build   string
}

func newSample() *sampleInputs {
	files := chartFiles("charts/sample", configMap("{{ .Release.Name }}", `all: {{ toJson (list .Values .Release .Capabilities.KubeVersion.Version .Capabilities.APIVersions) | quote }}`))
	files["values.yaml"] = "b: 2\n"
	files["other.yaml"] = "c: 3\n"
	return &sampleInputs{
		files: files,
		app: application("orders", appset.Source{Path: "charts/sample", Helm: &appset.Helm{
			ValueFiles: []string{"/values.yaml"}, Parameters: []appset.Parameter{{Name: "p", Value: "1"}},
		}}),
		cluster: Cluster{KubeVersion: "1.36", APIVersions: []string{"example.com/v1"}},
		build:   "one",
	}
}

// run renders with a planner of its own, as a separate run of the tool does.
func (s *sampleInputs) run(t *testing.T, dir string) (*Rendered, bool) {
	t.Helper()
	f := newFixture(t, Options{Renders: dir, Build: s.build, RendersBound: cache.DefaultBound}, s.files)
	out := f.mustRender(s.app, s.cluster)
	f.FlushCache()
	return out, f.cache.Hits() > 0
}

func TestAnEqualRenderIsTakenFromTheCache(t *testing.T) {
	dir := t.TempDir()
	fresh, hit := newSample().run(t, dir)
	if hit {
		t.Fatal("an empty cache should have nothing")
	}
	kept, hit := newSample().run(t, dir)
	if !hit {
		t.Fatal("an equal render should be a hit")
	}
	if len(fresh.Resources) != 1 || texts(fresh) != texts(kept) || fresh.Key != kept.Key {
		t.Errorf("the cache should give\n%s\nand gives\n%s", texts(fresh), texts(kept))
	}
	a, b := fresh.Resources[0], kept.Resources[0]
	if a.ID() != b.ID() || a.Key() != b.Key() || a.Source != b.Source || !a.Same(b) || !reflect.DeepEqual(a.Object(), b.Object()) {
		t.Errorf("%+v should be the same as %+v", b, a)
	}
}

func TestAFileWithoutACommitIsTheSameFile(t *testing.T) {
	dir := t.TempDir()
	newSample().run(t, dir)
	// An uncommitted file has no object in Git; its id follows from its content, and the tree's commit does not count.
	s := newSample()
	s.files["README.md"] = "not committed\n"
	if _, hit := s.run(t, dir); !hit {
		t.Error("files that the render does not read should not matter")
	}
}

func TestEveryPartOfTheKeyCounts(t *testing.T) {
	helm := func(s *sampleInputs) *appset.Helm { return s.app.Application.Spec.Source.Helm }
	dir := t.TempDir()
	newSample().run(t, dir)
	for name, change := range map[string]func(s *sampleInputs){
		"a template":          func(s *sampleInputs) { s.files["charts/sample/templates/t0.yaml"] += "  more: x\n" },
		"a new template":      func(s *sampleInputs) { s.files["charts/sample/templates/t1.yaml"] = configMap("x", "a: b") },
		"the chart's name":    func(s *sampleInputs) { s.files["charts/sample/Chart.yaml"] += "description: x\n" },
		"the chart's values":  func(s *sampleInputs) { s.files["charts/sample/values.yaml"] = "a: 2\n" },
		"a values file":       func(s *sampleInputs) { s.files["values.yaml"] = "b: 3\n" },
		"another values file": func(s *sampleInputs) { helm(s).ValueFiles = []string{"/other.yaml"} },
		"one more":            func(s *sampleInputs) { helm(s).ValueFiles = []string{"/values.yaml", "/other.yaml"} },
		"a parameter":         func(s *sampleInputs) { helm(s).Parameters[0].Value = "2" },
		"a text parameter":    func(s *sampleInputs) { helm(s).Parameters[0].ForceString = true },
		"inline values":       func(s *sampleInputs) { helm(s).Values = "d: 4\n" },
		"the release":         func(s *sampleInputs) { helm(s).ReleaseName = "other" },
		"the Application":     func(s *sampleInputs) { s.app.Application.Metadata.Name = "other" },
		"the namespace":       func(s *sampleInputs) { s.app.Application.Spec.Destination.Namespace = "other" },
		"Kubernetes":          func(s *sampleInputs) { s.cluster.KubeVersion = "1.35" },
		"API versions":        func(s *sampleInputs) { s.cluster.APIVersions = []string{"example.com/v2"} },
		"CRDs left out":       func(s *sampleInputs) { helm(s).SkipCrds = true },
		"tests left out":      func(s *sampleInputs) { helm(s).SkipTests = true },
		"no schema":           func(s *sampleInputs) { helm(s).SkipSchemaValidation = true },
		"the renderer":        func(s *sampleInputs) { s.build = "two" },
	} {
		t.Run(name, func(t *testing.T) {
			s := newSample()
			change(s)
			copied := t.TempDir()
			copyDir(t, dir, copied)
			if _, hit := s.run(t, copied); hit {
				t.Error("should be rendered again")
			}
			if _, hit := s.run(t, copied); !hit {
				t.Error("should be there the next time")
			}
		})
	}
}

func copyDir(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

func TestTheFactsOfARenderAreKept(t *testing.T) {
	dir := t.TempDir()
	s := newSample()
	s.files["charts/sample/templates/t1.yaml"] = configMap("x", `a: {{ randAlpha 5 }}{{ lookup "v1" "Secret" "" "" | len }}`)
	s.files["charts/sample/templates/t2.yaml"] = configMap("x", "a: twice")
	s.files["charts/sample/templates/t3.yaml"] = hooked("test") + "---\n" + hooked("pre-instal")
	want, _ := s.run(t, dir)
	got, hit := s.run(t, dir)
	if !hit || len(want.Unsteady) != 1 || len(want.Lookups) != 1 || len(want.Repeated) != 1 || len(want.Dropped) != 1 {
		t.Fatalf("one of each is expected: %+v (hit: %v)", want, hit)
	}
	if !reflect.DeepEqual(factsOf(got), factsOf(want)) {
		t.Errorf("the cache should give %+v, gives %+v", want, got)
	}
	if len(got.Unapplied) != 1 || got.Unapplied[0].ID() != want.Unapplied[0].ID() || len(got.Resources) != len(want.Resources) {
		t.Errorf("what is not applied should be %v, is %v", want.Unapplied, got.Unapplied)
	}
}

func hooked(event string) string {
	return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + event + ", annotations: {helm.sh/hook: " + event + "}}\n"
}

func TestFailuresAreNotKept(t *testing.T) {
	dir := t.TempDir()
	s := newSample()
	s.files["charts/sample/templates/t0.yaml"] = `{{ fail "no" }}`
	for range 2 {
		f := newFixture(t, Options{Renders: dir, Build: "one", RendersBound: cache.DefaultBound}, s.files)
		if _, err := f.render(s.app, s.cluster); err == nil || !strings.Contains(err.Error(), "no") {
			t.Fatalf("the template's own message is expected: %v", err)
		}
		f.FlushCache()
	}
	if names, _ := filepath.Glob(filepath.Join(dir, "*", "*")); len(names) != 0 {
		t.Errorf("nothing should be written for a failure, is %q", names)
	}
}

func TestARenderThatBrokeALimitIsTriedAgain(t *testing.T) {
	dir := t.TempDir()
	s := newSample()
	s.files["charts/sample/templates/t0.yaml"] = configMap("x", `a: {{ repeat 100000 "x" }}`)
	options := Options{Renders: dir, Build: "one", RendersBound: cache.DefaultBound, Limits: chart.Limits{Bytes: 1000}}
	f := newFixture(t, options, s.files)
	if _, err := f.render(s.app, s.cluster); err == nil {
		t.Fatal("the limit should stop it")
	}
	f.FlushCache()
	if _, hit := s.run(t, dir); hit {
		t.Error("a higher limit should render it")
	}
}

func TestAnotherPackedChartOfTheSameName(t *testing.T) {
	dir := t.TempDir()
	render := func(text string) (*Rendered, bool) {
		charts := t.TempDir()
		writeArchive(t, charts, "sample-1.0.0.tgz", chartFiles("sample", configMap("x", text)))
		f := newFixture(t, Options{Renders: dir, Build: "one", RendersBound: cache.DefaultBound, Charts: charts, Offline: true}, nil)
		out := f.mustRender(application("orders", appset.Source{RepoURL: "https://charts.example.com", Chart: "sample", TargetRevision: "1.0.0"}), Cluster{})
		f.FlushCache()
		return out, f.cache.Hits() > 0
	}
	render("a: one")
	if _, hit := render("a: one"); !hit {
		t.Error("the same archive should be a hit")
	}
	out, hit := render("a: two")
	if hit || !strings.Contains(texts(out), "two") {
		t.Errorf("another archive should be rendered: %s", texts(out))
	}
}

func TestKustomizeKeepsWhatTheBuildEnvironmentPutsIn(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{"k/kustomization.yaml": "resources: [a.yaml]\n", "k/a.yaml": configMap("x", "a: b")}
	render := func(project string) (*Rendered, bool) {
		f := newFixture(t, Options{Renders: dir, Build: "one", RendersBound: cache.DefaultBound}, maps.Clone(files))
		app := application("orders", appset.Source{Path: "k", Kustomize: &appset.Kustomize{CommonLabels: map[string]string{"project": "$ARGOCD_APP_PROJECT_NAME"}}})
		app.Application.Spec.Project = project
		out := f.mustRender(app, Cluster{})
		f.FlushCache()
		return out, f.cache.Hits() > 0
	}
	render("one")
	if _, hit := render("one"); !hit {
		t.Error("the same should be a hit")
	}
	if out, hit := render("two"); hit || !bytes.Contains([]byte(texts(out)), []byte(`"project":"two"`)) {
		t.Errorf("another project should be rendered: %s", texts(out))
	}
}
