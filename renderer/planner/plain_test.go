package planner

import (
	"strings"
	"testing"

	"onebranch.dev/renderer/appset"
)

// utf16le writes a text as Windows tools do, with a byte order mark.
func utf16le(text string) string {
	out := "\xff\xfe"
	for _, r := range text {
		out += string([]byte{byte(r), 0})
	}
	return out
}

func TestReadManifests(t *testing.T) {
	const a, b = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n"
	for _, c := range []struct{ title, name, text, want, fault string }{
		{"documents", "x.yaml", a + "---\n" + b, "a b", ""},
		{"empty ones", "x.yaml", "---\n# nothing\n---\n" + a + "---\nnull\n---\n", "a", ""},
		{"a mark of UTF-8", "x.yaml", "\uFEFF" + a, "a", ""},
		{"UTF-16", "x.yml", utf16le(a), "a", ""},
		{"JSON", "x.json", `{"kind": "ConfigMap", "metadata": {"name": "a"}}`, "a", ""},
		{"a list, which is not a manifest", "x.yaml", "- a\n- b\n", "", ""},
		{"a text", "x.yaml", "just a text\n", "", ""},
		{"no kind", "x.yaml", "apiVersion: v1\nmetadata: {name: a}\n", "", ""},
		{"what is no YAML", "x.yaml", "a: [\n", "", ""},
		{"what is no YAML and looks like a manifest", "x.yaml", a + "b: [\n", "", `Failed to unmarshal "x.yaml": `},
		{"no kind after a manifest", "dir/x.yaml", a + "---\na: 1\n", "", `Failed to unmarshal "x.yaml": Object 'Kind' is missing`},
		{"a list after a manifest", "x.yaml", a + "---\n- a\n", "", `Failed to unmarshal "x.yaml": `},
		{"a list in JSON", "x.json", "[]", "", `Failed to unmarshal "x.json": `},
	} {
		t.Run(c.title, func(t *testing.T) {
			documents, err := readManifests(c.name, []byte(c.text))
			var names []string
			for _, document := range documents {
				metadata, _ := document.Object["metadata"].(map[string]any)
				name, _ := metadata["name"].(string)
				names = append(names, name)
			}
			if got := strings.Join(names, " "); got != c.want {
				t.Errorf("should be %q, is %q", c.want, got)
			}
			switch {
			case c.fault == "" && err != nil:
				t.Error(err)
			case c.fault != "" && (err == nil || !strings.HasPrefix(err.Error(), c.fault)):
				t.Errorf("should fail with %q, says %v", c.fault, err)
			}
		})
	}
}

func TestADirectoryTakesFilesOfAnyNameWhereItsSourceSaysSo(t *testing.T) {
	f := newFixture(t, Options{}, map[string]string{
		"d/a.yaml": configMap("a", "x: y"), "d/b.yaml.sealed": configMap("b", "x: y"), "d/README": "text\n",
	})
	for all, want := range map[bool]string{false: "a", true: "a b"} {
		for _, directory := range []appset.Directory{{DisableExtensionFilter: all}, {DisableExtensionFilter: all, Exclude: "README"}} {
			out := f.mustRender(application("orders", appset.Source{Path: "d", Directory: &directory}), Cluster{})
			var names []string
			for _, resource := range out.Resources {
				names = append(names, resource.Name)
			}
			if got := strings.Join(names, " "); got != want {
				t.Errorf("%+v should give %q, gives %q", directory, want, got)
			}
		}
	}
}
