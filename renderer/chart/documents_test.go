package chart

import "testing"

// `helm template` adds a line end after each document, so a block of text at the end of a template keeps its line end.
func TestRender_ABlockAtTheEndKeepsItsLineEnd(t *testing.T) {
	const head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME}\ndata:\n  text: "
	files := map[string]string{
		"Chart.yaml":        chartYAML,
		"templates/a.yaml":  head + "|\n    one\n\n\n---\n" + head + "|\n    two",
		"templates/b.yaml":  head + "|+\n    kept\n",
		"templates/c.yaml":  head + "|-\n    stripped\n",
		"crds/widgets.yaml": head + ">\n    folded",
	}
	out, err := Prepare(chartOf(t, files)).Render(map[string]any{}, Options{Release: "web"})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"folded\n", "one\n", "two\n", "kept\n\n", "stripped"}
	for i, document := range out.Documents {
		if got := document.Object["data"].(map[string]any)["text"]; got != want[i] {
			t.Errorf("%s: should be %q, is %q", document.Source, want[i], got)
		}
	}
	if len(out.Documents) != len(want) {
		t.Errorf("should be %d documents, are %d", len(want), len(out.Documents))
	}
}
