package planner

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"onebranch.dev/renderer/chart"
	"onebranch.dev/renderer/manifest"
)

func made(t *testing.T, texts ...string) *Rendered {
	t.Helper()
	var documents []chart.Document
	for _, text := range texts {
		object := map[string]any{}
		if err := yaml.Unmarshal([]byte(text), &object); err != nil {
			t.Fatal(err)
		}
		documents = append(documents, chart.Document{Source: "a.yaml", Text: text, Object: object})
	}
	built, err := manifest.Build(documents, manifest.Owner{Name: "app", Namespace: "apps"})
	if err != nil {
		t.Fatal(err)
	}
	return &Rendered{Built: *built}
}

func TestResourceChanges_OfHooks(t *testing.T) {
	pod := func(image, hook string) string {
		annotations := ""
		if hook != "" {
			annotations = "annotations: {argocd.argoproj.io/hook: " + hook + "}"
		}
		return "{apiVersion: v1, kind: Pod, metadata: {name: a, " + annotations + "}, spec: {image: " + image + "}}"
	}
	for _, c := range []struct{ name, before, after, want string }{
		{"what becomes a hook of no phase is pruned", pod("x", ""), pod("y", "Presync"), "remove Pod a"},
		{"a hook of no phase that changes changes nothing", pod("x", "Presync"), pod("y", "Presync"), ""},
		{"what is skipped from now on stays as it is", pod("x", ""), pod("y", "Skip"),
			`change Pod a metadata.annotations["argocd.argoproj.io/hook"]`},
		{"what is skipped and changes stays as it is", pod("x", "Skip"), pod("y", "Skip"), ""},
		{"what is skipped no more is applied", pod("x", "Skip"), pod("y", ""), "add Pod a"},
		{"a hook of a phase changes as everything else", pod("x", "PreSync"), pod("y", "PreSync"), "change Pod a spec.image [PreSync]"},
		{"a hook that is gone keeps its phase", pod("x", "PostSync"), pod("x", "Presync"), "remove Pod a [PostSync]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			changes, _ := resourceChanges(made(t, c.before), made(t, c.after))
			var got []string
			for _, change := range changes {
				text := fmt.Sprintf("%s %s %s", change.Change, change.Kind, change.Name)
				for _, field := range change.Fields {
					text += " " + field.Path
				}
				if len(change.Phases) > 0 {
					text += fmt.Sprint(" ", change.Phases)
				}
				got = append(got, text)
			}
			if strings.Join(got, "; ") != c.want {
				t.Errorf("should be %q, is %q", c.want, got)
			}
		})
	}
}

// A name that the API server makes up does not say that two objects are the same.
func TestResourceChanges_OfGeneratedNames(t *testing.T) {
	job := func(image string) string {
		return "{apiVersion: batch/v1, kind: Job, metadata: {generateName: run-}, spec: {image: " + image + "}}"
	}
	named := "{apiVersion: batch/v1, kind: Job, metadata: {name: other}}"
	for _, c := range []struct {
		name          string
		before, after []string
		want          string
	}{
		{"one that changes is another one", []string{job("x")}, []string{job("y")}, "add run-*; remove run-*"},
		{"their order says nothing", []string{job("x"), job("y")}, []string{job("y"), named, job("x")}, "add other"},
		{"one of two goes", []string{job("x"), job("y")}, []string{job("y")}, "remove run-*"},
		{"one of two equal ones goes", []string{job("x"), job("x")}, []string{job("x")}, "remove run-*"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, after := made(t, c.before...), made(t, c.after...)
			if len(before.Repeated) > 0 || len(before.Resources) != len(c.before) {
				t.Errorf("they are taken for the same: %v", before.Repeated)
			}
			changes, _ := resourceChanges(before, after)
			var got []string
			for _, change := range changes {
				got = append(got, change.Change+" "+change.Name)
			}
			slices.Sort(got)
			if strings.Join(got, "; ") != c.want {
				t.Errorf("should be %q, is %q", c.want, got)
			}
		})
	}
}
