package chart

import (
	"os"
	"strings"
	"testing"
)

func TestRender_SaysTheVersionOfTheHelmProgram(t *testing.T) {
	files := map[string]string{"Chart.yaml": chartYAML, "templates/a.yaml": "version: {{ .Capabilities.HelmVersion.Version }}\n"}
	out, err := Prepare(chartOf(t, files)).Render(map[string]any{}, Options{Release: "web"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := out.Documents[0].Object["version"], "v"+HelmVersion; got != want {
		t.Errorf("should be %s, is %v", want, got)
	}
	module, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if want := "helm.sh/helm/v4 v" + HelmVersion + "\n"; !strings.Contains(string(module), want) {
		t.Errorf("go.mod should require %s", want)
	}
}
