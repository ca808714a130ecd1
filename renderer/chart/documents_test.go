package chart

import (
	"maps"
	"testing"
)

const (
	documentHead = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME}\ndata:\n  text: "
	hookHead     = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME, annotations: {helm.sh/hook: pre-install}}\ndata:\n  text: "
)

// `helm template` adds a line end after each document, and takes all white space from the end of the last one before the hooks;
// Argo CD takes one line end from the end of what Helm printed.
func TestRender_ABlockAtTheEndKeepsItsLineEnds(t *testing.T) {
	common := map[string]string{
		"Chart.yaml":        chartYAML,
		"templates/a.yaml":  documentHead + "|+\n    one\n\n\n---\n" + documentHead + "|\n    two",
		"templates/b.yaml":  documentHead + "|+\n    kept\n",
		"templates/c.yaml":  documentHead + "|-\n    stripped\n",
		"crds/widgets.yaml": documentHead + ">\n    folded",
	}
	first := []string{"folded\n", "one\n\n\n\n", "two\n", "kept\n\n", "stripped"}
	for _, c := range []struct {
		name string
		more map[string]string
		want []string
	}{
		{"nothing after it", nil, first},
		{"the last document", map[string]string{"templates/d.yaml": documentHead + "|+\n    last\n\n"}, append(first[:5:5], "last\n")},
		{"the last hook", map[string]string{"templates/d.yaml": hookHead + "|+\n    hook\n\n"}, append(first[:5:5], "hook\n\n")},
		{"a hook", map[string]string{"templates/d.yaml": hookHead + "|+\n    hook\n---\n" + hookHead + "|+\n    last"},
			append(first[:5:5], "hook\n\n", "last\n")},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := maps.Clone(common)
			maps.Copy(files, c.more)
			out, err := Prepare(chartOf(t, files)).Render(map[string]any{}, Options{Release: "web"})
			if err != nil {
				t.Fatal(err)
			}
			for i, document := range out.Documents {
				if got := document.Object["data"].(map[string]any)["text"]; i < len(c.want) && got != c.want[i] {
					t.Errorf("%s: should be %q, is %q", document.Source, c.want[i], got)
				}
			}
			if len(out.Documents) != len(c.want) {
				t.Errorf("should be %d documents, are %d", len(c.want), len(out.Documents))
			}
		})
	}
}
