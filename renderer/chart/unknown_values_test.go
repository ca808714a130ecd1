package chart

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// unknownIn prints the keys that a chart does not read as `path:line near key file:line`.
func unknownIn(t *testing.T, files map[string]string, values string) []string {
	t.Helper()
	full := map[string]string{"Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n"}
	for name, text := range files {
		full[name] = text
	}
	parsed, err := ParseValues([]byte(values))
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, found := range Prepare(chartOf(t, full)).UnknownValues("c", parsed, []byte(values)) {
		known := []string{}
		for _, one := range found.Known {
			known = append(known, fmt.Sprintf("%s %s:%d", one.Key, one.File, one.Line))
		}
		out = append(out, fmt.Sprintf("%s:%d [%s]", strings.Join(found.Path, "."), found.Line, strings.Join(known, ", ")))
	}
	return out
}

func TestUnknownValues(t *testing.T) {
	const defaults = "operator:\n  replicas: 1\n  empty: {}\n  none:\nlabels:\n  a: b\n"
	for _, c := range []struct{ name, template, values, want string }{
		{"a key beside the defaults", "{{ .Values.operator.replicas }}", "operater: {replicas: 2}",
			"operater:1 [labels c/values.yaml:5, operator c/values.yaml:1]"},
		{"a key inside a mapping of the defaults, with its line", "{{ .Values.operator.replicas }}", "# a\noperator:\n  replcas: 2",
			"operator.replcas:3 [empty c/values.yaml:3, none c/values.yaml:4, replicas c/values.yaml:2]"},
		{"nothing that the defaults have", "", "operator: {replicas: 2, none: {a: 1}, empty: {a: 1}}", ""},
		{"nothing that a template names as a field", "{{ .Values.operator.pdb }}", "operator: {pdb: {minAvailable: 1}}", ""},
		{"nothing that a template names in a text", `{{ index .Values.operator "pdb" }}`, "operator: {pdb: 1}", ""},
		{"what only a comment or the text around actions names", "{{/* .Values.pdb */}}pdb: 1", "pdb: 1",
			"pdb:1 [labels c/values.yaml:5, operator c/values.yaml:1]"},
		{"nothing in a mapping that is written out", "{{ toYaml .Values.labels }}", "labels: {x: y}", ""},
		{"nothing in a mapping that is written out by its dot", "{{ with .Values.labels }}{{ toYaml . | nindent 2 }}{{ end }}", "labels: {x: y}", ""},
		{"nothing in a mapping whose keys are gone through", "{{ range $k, $v := .Values.labels }}{{ $k }}{{ end }}", "labels: {x: y}", ""},
		{"nothing in a mapping that a variable holds and writes out", "{{ $l := .Values.labels }}{{ if true }}{{ $l | toJson }}{{ end }}", "labels: {x: y}", ""},
		{"nothing in a mapping that is looked up by a computed key", "{{ index .Values.labels .Release.Name }}", "labels: {x: y}", ""},
		{"nothing in a mapping that an included template writes out",
			`{{ define "out" }}{{ toYaml . }}{{ end }}{{ include "out" .Values.labels }}`, "labels: {x: y}", ""},
		{"nothing in a mapping that goes through a dict into a template",
			`{{ define "out" }}{{ toYaml .these }}{{ end }}{{ include "out" (dict "these" .Values.labels) }}`, "labels: {x: y}", ""},
		{"nothing in a mapping that is merged and written out", "{{ merge (dict) .Values.labels | toYaml }}", "labels: {x: y}", ""},
		{"a key of a mapping that is only asked for", "{{ if .Values.labels }}{{ with .Values.labels }}{{ .a }}{{ end }}{{ end }}", "labels: {x: y}",
			"labels.x:1 [a c/values.yaml:6]"},
		{"a key of a mapping of which an included template reads one key",
			`{{ define "one" }}{{ .a }}{{ end }}{{ include "one" .Values.labels }}`, "labels: {x: y}", "labels.x:1 [a c/values.yaml:6]"},
		{"nothing extra, and nothing global", "", "extraEnv: []\noperator: {extraArgs: []}\nglobal: {a: 1}", ""},
		{"nothing that a function we do not know gets", "{{ whatever .Values.labels }}", "labels: {x: y}", ""},
		{"nothing where a template is no template", "{{ .Values.other", "labels: {other: y}", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := unknownIn(t, map[string]string{"values.yaml": defaults, "templates/a.yaml": c.template}, c.values)
			if strings.Join(got, "; ") != c.want {
				t.Errorf("should be %q, is %q", c.want, got)
			}
		})
	}
}

func TestUnknownValues_OfSubcharts(t *testing.T) {
	files := map[string]string{
		"Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies:\n" +
			"  - {name: s, version: 1.0.0, alias: one, condition: one.wanted}\n  - {name: s, version: 1.0.0, alias: two}\n" +
			"  - {name: gone, version: 1.0.0}\n",
		"values.yaml":               "plain: 1\none:\n  own: 1\n",
		"charts/folder/Chart.yaml":  "apiVersion: v2\nname: s\nversion: 1.0.0\n",
		"charts/folder/values.yaml": "\na: 1\nin: {x: 1}\n",
	}
	got := unknownIn(t, files, "one: {wanted: true, own: 2, b: 1, global: {a: 1}}\ntwo:\n  in: {q: 1}\ngone: {x: 1}\n")
	want := []string{
		"one.b:1 [a c/charts/folder/values.yaml:2, in c/charts/folder/values.yaml:3, own c/values.yaml:3]",
		"two.in.q:3 [x c/charts/folder/values.yaml:3]",
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("should be\n%s\nis\n%s", strings.Join(want, "\n"), strings.Join(got, "\n"))
	}
}

func TestUnknownValues_OfIstio(t *testing.T) {
	files := map[string]string{
		"values.yaml":      "_internal_defaults_do_not_set:\n  autoscaleMin: 1\n  global: {}\n",
		"templates/a.yaml": "{{ .Values.autoscaleMin }}",
	}
	got := unknownIn(t, files, "autoscaleMinn: 2\nautoscaleMin: 1\n")
	if want := []string{"autoscaleMinn:1 [autoscaleMin c/values.yaml:2, global c/values.yaml:3]"}; !slices.Equal(got, want) {
		t.Errorf("should be %q, is %q", want, got)
	}
}
