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

func TestBuiltIn_LeavesOutWhatIsNotWatched(t *testing.T) {
	for _, version := range BuiltIn("1.36") {
		if version == "v1/APIGroup" || version == "v1/ComponentStatus" {
			t.Errorf("%s should not be among them", version)
		}
	}
}

func TestRender_NamesTheSchemaBeforeTheKubernetesVersion(t *testing.T) {
	files := map[string]string{
		"Chart.yaml":         chartYAML + "kubeVersion: <1.20.0\n",
		"values.schema.json": `{"required": ["never"]}`,
		"templates/a.yaml":   "a: 1\n",
	}
	for skip, want := range map[bool]string{false: "missing property 'never'", true: "chart requires kubeVersion: <1.20.0"} {
		_, err := Prepare(chartOf(t, files)).Render(map[string]any{}, Options{Release: "web", KubeVersion: "1.36", SkipSchemaValidation: skip})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("should say %q, says %v", want, err)
		}
	}
}
