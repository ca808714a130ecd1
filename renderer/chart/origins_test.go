package chart

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// origins prints an explanation as `path=value file:line < overridden file:line`.
func origins(e *Explanation, list []Explained) []string {
	out := []string{}
	for _, found := range list {
		places := []string{}
		for _, s := range append([]Origin{found.Origin}, found.Overrides...) {
			places = append(places, fmt.Sprintf("%v %s:%d", s.Value, e.Layers[s.Layer].File, s.Line))
		}
		out = append(out, strings.Join(found.Path, ".")+"="+strings.Join(places, " < "))
	}
	return out
}

func explainText(t *testing.T, files map[string]string, texts ...string) *Explanation {
	t.Helper()
	layers, merged := []Layer{}, map[string]any{}
	for i, text := range texts {
		values, err := ParseValues([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		layers = append(layers, Layer{Kind: "file", File: fmt.Sprint("layer", i), Values: values, Text: []byte(text)})
		merged = MergeValues(merged, values)
	}
	explanation, err := Prepare(chartOf(t, files)).Explain("c", layers, merged)
	if err != nil {
		t.Fatal(err)
	}
	return explanation
}

func wantOrigins(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestExplain_OriginsThroughDependencies(t *testing.T) {
	e := explainText(t, map[string]string{
		"Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies:\n" +
			"  - {name: s, version: 1.0.0, alias: one, import-values: [{child: out, parent: in}]}\n" +
			"  - {name: s, version: 1.0.0, alias: two, condition: two.enabled}\n",
		"values.yaml":               "global: {g: 1}\none:\n  gone: 1\nplain: {p: 1, q: 1}\n",
		"charts/folder/Chart.yaml":  "apiVersion: v2\nname: s\nversion: 1.0.0\n",
		"charts/folder/values.yaml": "a: 1\nout:\n  x: 1\n",
	}, "one:\n  a: 2\ntwo: {enabled: false}\n", "one: {a: 3, gone: null}\nplain:\n  p: null\n")
	wantOrigins(t, "values", origins(e, e.Values), []string{
		"global.g=1 c/values.yaml:1",
		"in.x=1 c/charts/folder/values.yaml:3",
		"one.a=3 layer1:1 < 2 layer0:2 < 1 c/charts/folder/values.yaml:1",
		"one.global.g=1 c/values.yaml:1",
		// Helm passes a null for a subchart on to it if it has no default of that name.
		"one.gone=<nil> layer1:1 < 1 c/values.yaml:3",
		"one.out.x=1 c/charts/folder/values.yaml:3",
		"plain.q=1 c/values.yaml:4",
		"two.enabled=false layer0:3",
	})
	wantOrigins(t, "removed", origins(e, e.Removed), []string{"plain.p=<nil> layer1:3 < 1 c/values.yaml:4"})
	wantOrigins(t, "disabled", e.Disabled, []string{"two"})
}

func TestExplain_ScalarAndMappingOverrideEachOther(t *testing.T) {
	e := explainText(t, map[string]string{
		"Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n", "values.yaml": "a:\n  b: 1\nd: 5\n",
	}, "a: 7\nd:\n  e: {}\n")
	wantOrigins(t, "values", origins(e, e.Values), []string{
		"a=7 layer0:1 < map[b:1] c/values.yaml:1",
		"d.e=map[] layer0:3 < 5 c/values.yaml:3",
	})
}

func TestUses_OnlyWhatReachesAManifest(t *testing.T) {
	prepared := Prepare(chartOf(t, map[string]string{
		"Chart.yaml":           "apiVersion: v2\nname: c\nversion: 1.0.0\n",
		"values.yaml":          "shown: 1\nnoted: 1\nasked: true\nlist: [1]\n",
		"templates/NOTES.txt":  "{{ .Values.noted }}",
		"templates/shown.yaml": "a: {{ .Values.shown }}\n{{ range .Values.list }}b{{ . }}: 1\n{{ end }}{{ if .Values.asked }}c: 1{{ end }}",
	}))
	for path, want := range map[string]bool{"shown": true, "asked": true, "list": true, "noted": false, "shwon": false, "deep.er": false} {
		used, err := prepared.Uses(map[string]any{}, strings.Split(path, "."), Options{Release: "r", Namespace: "n"})
		if err != nil || used != want {
			t.Errorf("%s: used %v (%v), want %v", path, used, err, want)
		}
	}
}
