package planner

import (
	"maps"
	"strings"
	"testing"

	"onebranch.dev/renderer/appset"
)

const requiredDir = "gitops/charts/required-files/1.0.0"

// requiring is an Application of the chart gitops/charts/a with a requirement that requires some files.
func requiring(required ...string) *Expanded {
	app := application("orders", appset.Source{})
	app.Application.Spec.Source = nil
	app.Application.Spec.Sources = []appset.Source{
		{RepoURL: testRepo, TargetRevision: "main", Path: "gitops/charts/a"},
		{RepoURL: testRepo, TargetRevision: "main", Path: requiredDir, Helm: &appset.Helm{ValueFiles: required}},
	}
	return app
}

func requiredFixture(t *testing.T, more map[string]string) *fixture {
	files := chartFiles("gitops/charts/a", configMap("a", "value: '{{ .Values.a }}'"))
	files[requiredDir+"/Chart.yaml"] = "apiVersion: v2\nname: required-files\nversion: 1.0.0\n"
	maps.Copy(files, more)
	return newFixture(t, Options{}, files)
}

func TestARequirementAddsNothingToARender(t *testing.T) {
	f := requiredFixture(t, map[string]string{"gitops/one.yaml": "a: 2\n", "gitops/two.yaml": "a: 3\n"})
	plain := f.mustRender(application("orders", appset.Source{Path: "gitops/charts/a"}), Cluster{})
	for _, file := range []string{"/gitops/one.yaml", "/gitops/two.yaml"} {
		if got := f.mustRender(requiring(file), Cluster{}); got.Key != plain.Key || texts(got) != texts(plain) {
			t.Errorf("with a requirement for %s: %s, without: %s", file, texts(got), texts(plain))
		}
	}
}

func TestARequirementFailsWithoutItsFiles(t *testing.T) {
	f := requiredFixture(t, map[string]string{"gitops/list.yaml": "- a\n"})
	for file, want := range map[string]string{
		"/gitops/gone.yaml": "a file that must be there: open gitops/gone.yaml: no such file or directory",
		"/gitops/charts":    "read gitops/charts: is a directory",
		"/gitops/list.yaml": "failed to parse gitops/list.yaml",
	} {
		if _, err := f.render(requiring(file), Cluster{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, should be %s", file, err, want)
		}
	}
}

func TestAChartWithTemplatesIsNotARequirement(t *testing.T) {
	f := requiredFixture(t, map[string]string{requiredDir + "/templates/b.yaml": configMap("b", "value: '{{ .Values.a }}'"), "gitops/one.yaml": "a: 2\n"})
	if got := texts(f.mustRender(requiring("/gitops/one.yaml"), Cluster{})); !strings.Contains(got, `"value":"2"`) {
		t.Error(got)
	}
}

func TestAFaultOfTheChartComesBeforeThatOfItsRequirement(t *testing.T) {
	f := requiredFixture(t, map[string]string{"gitops/charts/a/templates/b.yaml": `{{ fail "the chart's own" }}`})
	if _, err := f.render(requiring("/gitops/gone.yaml"), Cluster{}); err == nil || !strings.Contains(err.Error(), "the chart's own") {
		t.Errorf("%v", err)
	}
	f = requiredFixture(t, nil)
	app := requiring("/gitops/gone.yaml")
	app.Application.Spec.Sources[0].Path = "gitops/charts/none"
	if _, err := f.render(app, Cluster{}); err == nil || !strings.Contains(err.Error(), "gitops/charts/none") {
		t.Errorf("%v", err)
	}
}
