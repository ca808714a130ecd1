package planner

import (
	"maps"
	"strings"
	"testing"

	"onebranch.dev/renderer/appset"
	"onebranch.dev/renderer/tree"
)

func withValues(files ...string) *appset.Helm { return &appset.Helm{ValueFiles: files} }

func TestValueFilesAreMergedInTheOrderOfArgoCd(t *testing.T) {
	files := chartFiles("charts/sample", configMap("x", "a: '{{ .Values.a }}'"))
	maps.Copy(files, map[string]string{
		"v/a.yaml": "a: from a\n", "v/b.yaml": "a: from b\n", "v/.hidden.yaml": "a: hidden\n", "v/deep/er/c.yaml": "a: from c\n",
		"charts/sample/own-1.yaml": "a: own 1\n", "charts/sample/own-2.yaml": "a: own 2\n",
	})
	f := newFixture(t, Options{}, files)
	for _, c := range []struct {
		title, want string
		names       []string
	}{
		{"a pattern, in the order of names", "from b", []string{"/v/[ab].yaml"}},
		{"a file that is also named keeps the place where it is named", "from a", []string{"/v/[ab].yaml", "/v/a.yaml"}},
		{"and the pattern after it gives it no other place", "from b", []string{"/v/a.yaml", "/v/?.yaml"}},
		{"a file that is named twice counts at its first place", "from b", []string{"/v/a.yaml", "/v/b.yaml", "/v/a.yaml"}},
		{"two names of one file are one", "from b", []string{"/v/a.yaml", "/v/b.yaml", "/v/deep/../a.yaml"}},
		{"a file is at its name also where two patterns find it", "from a", []string{"/v/*b.yaml", "/v/b.yaml", "/v/a*.yaml", "/v/?.yaml"}},
		{"hidden files are found", "hidden", []string{"/v/.h*.yaml"}},
		{"two stars match slashes", "from c", []string{"/v/a.yaml", "/v/**/c.yaml"}},
		{"a pattern is relative to the chart", "own 2", []string{"own-*.yaml"}},
	} {
		t.Run(c.title, func(t *testing.T) {
			app := application("orders", appset.Source{Path: "charts/sample", Helm: withValues(c.names...)})
			if got := texts(f.mustRender(app, Cluster{})); !strings.Contains(got, `"a":"`+c.want+`"`) {
				t.Errorf("a should be %q, is %s", c.want, got)
			}
		})
	}
}

func TestAPatternOfValueFilesCanFail(t *testing.T) {
	f := newFixture(t, Options{}, chartFiles("charts/sample", configMap("x", "a: '{{ .Values.a }}'")))
	for name, want := range map[string]string{
		"/none/*.yaml": `values file glob "/none/*.yaml" matched no files`,
		"/charts/*":    "read charts/sample: is a directory",
		"/charts/[":    `error expanding glob pattern "/charts/[": syntax error in pattern`,
		"/../*.yaml":   "resolved to outside repository root",
	} {
		if _, err := f.render(application("orders", appset.Source{Path: "charts/sample", Helm: withValues(name)}), Cluster{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: should fail with %q, says %v", name, want, err)
		}
	}
	helm := withValues("/none/*.yaml")
	helm.IgnoreMissingValueFiles = true
	f.mustRender(application("orders", appset.Source{Path: "charts/sample", Helm: helm}), Cluster{})
}

func TestASoleSourceMayReferToItself(t *testing.T) {
	files := chartFiles("charts/sample", configMap("x", "a: '{{ .Values.a }}'"))
	files["v/a.yaml"] = "a: from a\n"
	app := application("orders", appset.Source{})
	app.Application.Spec.Source = nil
	app.Application.Spec.Sources = []appset.Source{{RepoURL: testRepo, TargetRevision: "main", Path: "charts/sample", Ref: "values", Helm: withValues("$values/v/*.yaml")}}
	if got := texts(newFixture(t, Options{}, files).mustRender(app, Cluster{})); !strings.Contains(got, "from a") {
		t.Errorf("should have the value of the file, is %s", got)
	}
}

func TestANewFileOfAPatternIsAChange(t *testing.T) {
	before := chartFiles("charts/sample", configMap("x", "a: '{{ .Values.a }}'"))
	before["v/a.yaml"] = "a: from a\n"
	f := newFixture(t, Options{}, before)
	after := maps.Clone(before)
	after["v/b.yaml"] = "a: from b\n"
	var entries []tree.Entry
	for path, content := range after {
		entries = append(entries, tree.Entry{Path: path, Mode: tree.ModeFile, OID: blobID(content)})
		f.PutBlob(blobID(content), []byte(content))
	}
	f.PutTree("head", testRepo, "main", "fedcba", entries)
	cluster := clusterOf("dev", "charts/sample")
	spec := cluster.Roots[0]["spec"].(map[string]any)["template"].(map[string]any)["spec"].(map[string]any)
	spec["source"].(map[string]any)["helm"] = map[string]any{"valueFiles": []any{"/v/*.yaml"}}
	diff, err := f.Diff(Side{"tree", []Cluster{cluster}}, Side{"head", []Cluster{cluster}}, Filter{}, Uncompared{})
	if err != nil {
		t.Fatal(err)
	}
	if len(diff.Changes) != 1 {
		t.Errorf("the Application should change, is %+v", diff)
	}
}
