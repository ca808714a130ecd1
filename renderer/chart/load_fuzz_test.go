package chart

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	yamlv3 "go.yaml.in/yaml/v3"

	"onebranch.dev/renderer/tree"
)

const fuzzedTemplate = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: {{ .Values.a | quote }}}\n"

// renderFuzzed renders an arbitrary chart twice. It must end, and give the same result both times.
func renderFuzzed(t *testing.T, load func() (*Prepared, error)) {
	t.Helper()
	limits := Limits{Time: 300 * time.Millisecond, Bytes: 1 << 20}
	render := func() ([]Document, error) {
		prepared, err := load()
		if err != nil {
			return nil, err
		}
		out, err := prepared.Render(map[string]any{"a": "b"}, Options{Release: "r", Namespace: "n", Limits: limits})
		if err != nil {
			return nil, err
		}
		if len(out.Unsteady) > 0 {
			t.Skip("not the same each time")
		}
		return out.Documents, nil
	}
	first, err := render()
	if err != nil && strings.TrimSpace(err.Error()) == "" {
		t.Error("an error should say something")
	}
	second, again := render()
	if (err == nil) != (again == nil) || !reflect.DeepEqual(first, second) {
		t.Errorf("should be the same each time, is %v (%v) and %v (%v)", first, err, second, again)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(chartYAML, "a: 1\n", fuzzedTemplate, "{}", "*.bak\n")
	f.Add("apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies: [{name: db, version: 1.x, condition: db.on, import-values: [{child: a, parent: b}, c]}]\n", "db: {on: y}\n", "{{ include \"x\" . }}", `{"type":"object","properties":{"a":{"type":"integer"}}}`, "templates/\n")
	f.Add("apiVersion: v1\nname: web\nversion: x\ntype: library\n", "[]", "{{ range $k, $v := .Values }}{{ $k }}: {{ $v }}\n{{ end }}", `{"$ref":"#"}`, "!*\n")
	f.Add("name: ../x\n", "a: &x [*x]\n", "{{ .Files.Get \"values.yaml\" }}---\n- a\n", `{"$ref":"http://example.com/"}`, "[\n")
	f.Add("\x00", "a: 1\na: 2\n", "{{", "[", "/**/\n")
	f.Fuzz(func(t *testing.T, chartFile, values, template, schema, ignored string) {
		blobs := tree.NewBlobs()
		var entries []tree.Entry
		for path, content := range map[string]string{
			"c/Chart.yaml": chartFile, "c/values.yaml": values, "c/templates/a.yaml": template, "c/values.schema.json": schema, "c/.helmignore": ignored,
			"c/charts/db/Chart.yaml": "apiVersion: v2\nname: db\nversion: 1.0.0\n", "c/charts/db/values.yaml": values,
		} {
			blobs.Put(path, []byte(content))
			entries = append(entries, tree.Entry{Path: path, Mode: tree.ModeFile, OID: path})
		}
		files := tree.New("", entries, blobs)
		renderFuzzed(t, func() (*Prepared, error) {
			loaded, err := Load(files, "c")
			if err != nil {
				return nil, err
			}
			return Prepare(loaded), nil
		})
	})
}

// packedChart is the archive of a chart with one extra file of any name and kind.
func packedChart(f *testing.F, name, content string, kind byte) []byte {
	f.Helper()
	var out bytes.Buffer
	compressed := gzip.NewWriter(&out)
	archive := tar.NewWriter(compressed)
	for _, file := range []struct {
		name, content string
		kind          byte
	}{{"web/Chart.yaml", chartYAML, tar.TypeReg}, {"web/templates/a.yaml", fuzzedTemplate, tar.TypeReg}, {name, content, kind}} {
		header := &tar.Header{Name: file.name, Mode: 0o644, Size: int64(len(file.content)), Typeflag: file.kind, Linkname: "x"}
		if err := archive.WriteHeader(header); err != nil {
			f.Fatal(err)
		}
		if _, err := archive.Write([]byte(file.content)); err != nil {
			f.Fatal(err)
		}
	}
	if err := errors.Join(archive.Close(), compressed.Close()); err != nil {
		f.Fatal(err)
	}
	return out.Bytes()
}

func FuzzLoadArchive(f *testing.F) {
	sound := packedChart(f, "web/values.yaml", "a: 1\n", tar.TypeReg)
	f.Add(sound)
	f.Add(packedChart(f, "web/../../etc/passwd", "x", tar.TypeReg))
	f.Add(packedChart(f, "/web/templates/b.yaml", "x", tar.TypeReg))
	f.Add(packedChart(f, "web/link", "", tar.TypeSymlink))
	f.Add(packedChart(f, "web\\templates\\c.yaml", "c: 1", tar.TypeReg))
	f.Add(sound[:len(sound)/2])
	f.Add([]byte{0x1f, 0x8b})
	f.Fuzz(func(t *testing.T, data []byte) {
		renderFuzzed(t, func() (*Prepared, error) {
			loaded, err := LoadArchive("web.tgz", data)
			if err != nil {
				return nil, err
			}
			return Prepare(loaded), nil
		})
	})
}

func TestReadWritten_CountsLinesAsEditorsDo(t *testing.T) {
	for _, text := range []string{"# a\u2028# b\u0085# c\nkey: 1\n", "# a\rb: 2\nkey: 1\n", "# a\r\nkey: 1\r\n"} {
		written, err := ReadWritten([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if last := written[len(written)-1]; last.Path[0] != "key" || last.Line != 2 {
			t.Errorf("%q: key should be in line 2, is %v", text, last)
		}
	}
}

// For every value that a file sets, the reported line is the one on which its key is written.
func FuzzReadWritten(f *testing.F) {
	for _, text := range []string{
		"image: {tag: v1, pull: y}\nlist:\n- name: a\n", "base: &base\n  replicas: 1\nshop:\n  <<: *base\n  debug: on\n", "# none\n", "'quoted key': |\n  text: inside\nyes: 1\n1.5: x\n",
		"first: 1\n---\nsecond: 2\nfirst: {third: 3}\n", "? complex\n: value\n", "\ufeffmarked: 1\r\nother: 2\r\n", "<<: [{alpha: 1}, {alpha: 2, beta: 3}]\n", "self: &a {<<: *a}\n", "many: &m {one: 1}\nmore: *m\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		written, err := ReadWritten([]byte(text))
		if err != nil {
			return
		}
		rows := strings.Split(text, "\n")
		for _, w := range written {
			if w.Line < 1 || w.Line > len(rows) {
				t.Errorf("%q: the line of %v should be one of %d, is %d", text, w.Path, len(rows), w.Line)
			}
		}
		// With escapes, anchors and unusual line ends, a key is written in another way or in another place.
		if strings.ContainsAny(text, "&*\\!%\r\u0085\u2028\u2029'\"?") || !parsedWhole(text) {
			return
		}
		for _, w := range written {
			key := w.Path[len(w.Path)-1]
			if usualKey.MatchString(key) && key[0] != '.' && !strings.Contains("true false null", key) && !strings.Contains(rows[w.Line-1], key) {
				t.Errorf("%q: line %d should have the key of %v, is %q", text, w.Line, w.Path, rows[w.Line-1])
			}
		}
	})
}

// parsedWhole reports whether the parser that knows lines accepts a text too: it is not the parser that Helm uses.
func parsedWhole(text string) bool {
	var node yamlv3.Node
	return yamlv3.Unmarshal([]byte(text), &node) == nil && len(NewLines([]byte(text)).documents) == 1
}
