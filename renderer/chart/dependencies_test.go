package chart

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/downloader"

	"onebranch.dev/renderer/tree"
)

// built is the chart in a directory after Helm itself has built its dependencies there, as Argo CD makes it do.
func built(t *testing.T, root, dir string) (*chartv2.Chart, error) {
	t.Helper()
	t.Chdir(filepath.Join(root, dir))
	repositories := filepath.Join(root, "repositories.yaml")
	manager := &downloader.Manager{Out: io.Discard, ChartPath: ".", RepositoryConfig: repositories, RepositoryCache: root, ContentCache: root}
	if err := manager.Build(); err != nil {
		return nil, err
	}
	if err := os.WriteFile(".argocd-helm-dep-up", []byte("marker"), 0o600); err != nil {
		t.Fatal(err)
	}
	return loader.LoadDir(".")
}

func lib(version, text string) map[string]string {
	return map[string]string{
		"Chart.yaml":        "apiVersion: v2\nname: lib\ntype: library\nversion: " + version + "\n",
		"templates/_cm.tpl": "{{ define \"lib.cm\" }}apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {from: " + text + ", value: {{ .Values.lib.a | quote }}}\n{{ end }}",
		"values.yaml":       "a: " + text + "\n",
	}
}

// using is a chart that depends on lib.
func using(dependency string) map[string]string {
	return map[string]string{
		"Chart.yaml":       "apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n  - {name: lib, " + dependency + "}\n",
		"templates/a.yaml": "{{ include \"lib.cm\" . }}\n---\na: {{ .Files.Glob \"**\" | len }}\n",
	}
}

func TestLoad_BuildsDependenciesAsHelmDoes(t *testing.T) {
	local := `version: 1.x, repository: "file://../lib"`
	for _, c := range []struct {
		name  string
		files map[string]map[string]string
		fails bool
	}{
		{"a chart of the tree", map[string]map[string]string{"web": using(local), "lib": lib("1.0.0", "tree")}, false},
		{"a packed one is packed again", map[string]map[string]string{
			"web": using(local + "}\n  - {name: more, version: 1.0.0, repository: \"file://../more\""), "lib": lib("1.0.0", "tree"),
			"more":                 {"Chart.yaml": "apiVersion: v2\nname: more\nversion: 1.0.0\n", "templates/m.yaml": "a: {{ .Values.global }}\n"},
			"web/charts/lib.tgz":   lib("1.0.0", "packed"),
			"web/charts/stray.tgz": {"Chart.yaml": "apiVersion: v2\nname: stray\nversion: 1.0.0\n", "templates/s.yaml": "a: stray\n"},
		}, false},
		{"another version", map[string]map[string]string{"web": using(local), "lib": lib("2.0.0", "tree")}, true},
		{"no version", map[string]map[string]string{"web": using(`version: latest, repository: "file://../lib"`), "lib": lib("1.0.0", "tree")}, true},
		{"a directory that is not there", map[string]map[string]string{"web": using(local)}, true},
		{"a dependency without a repository that is not there", map[string]map[string]string{"web": using(`version: 1.0.0`)}, true},
		{"two aliases of one chart", map[string]map[string]string{
			"web": using(local + "}\n  - {name: lib, alias: again, version: 1.0.0, repository: \"file://../lib\""), "lib": lib("1.0.0", "tree"),
		}, false},
		{"a lock of something else", map[string]map[string]string{
			"web": with(using(local), "Chart.lock", "dependencies:\n- {name: lib, repository: file://../lib, version: 1.0.0}\ndigest: sha256:00\ngenerated: \"2026-01-01T00:00:00Z\"\n"), "lib": lib("1.0.0", "tree"),
		}, true},
		{"what a dependency of the tree lacks itself is not built", map[string]map[string]string{
			"web": using(local), "lib": with(lib("1.0.0", "tree"), "Chart.yaml", "apiVersion: v2\nname: lib\ntype: library\nversion: 1.0.0\ndependencies: [{name: more, version: 1.0.0, repository: \"file://../more\"}]\n"),
			"more": {"Chart.yaml": "apiVersion: v2\nname: more\nversion: 1.0.0\n", "templates/m.yaml": "a: more\n"},
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := t.TempDir()
			files := treeOf(t, root, c.files)
			want, wantErr := built(t, root, "web")
			got, err := Load(files, "web")
			if (err == nil) != (wantErr == nil) {
				t.Fatalf("the error should be %v, is %v", wantErr, err)
			}
			if err != nil {
				said := strings.Split(wantErr.Error(), " for 1 subchart")[0]
				if !strings.Contains(err.Error(), said) {
					t.Errorf("the error should say %q, is %q", said, err)
				}
				if !c.fails {
					t.Errorf("should not fail: %v", err)
				}
				return
			}
			options := Options{Release: "rel", Namespace: "ns"}
			expected, err := Prepare(want).Render(map[string]any{}, options)
			if err != nil {
				t.Fatal(err)
			}
			found, err := Prepare(got).Render(map[string]any{}, options)
			if err != nil {
				t.Fatal(err)
			}
			var texts []string
			for _, document := range expected.Documents {
				texts = append(texts, document.Text)
			}
			compareDocuments(t, texts, found.Documents)
		})
	}
}

func TestLoad_TakesALockThatFits(t *testing.T) {
	root := t.TempDir()
	files := map[string]map[string]string{"web": using(`version: 1.x, repository: "file://../lib"`), "lib": lib("1.0.0", "tree")}
	treeOf(t, root, files)
	// Helm writes the lock.
	if _, err := built(t, root, "web"); err != nil {
		t.Fatal(err)
	}
	lock, err := os.ReadFile(filepath.Join(root, "web", "Chart.lock"))
	if err != nil {
		t.Fatal(err)
	}
	files["web"]["Chart.lock"] = string(lock)
	if _, err := Load(treeOf(t, t.TempDir(), files), "web"); err != nil {
		t.Error(err)
	}
}

func TestLoad_DoesNotGuessWhatStandsElsewhere(t *testing.T) {
	for _, repository := range []string{"https://charts.example.com", "file:///srv/lib", "file://../../lib", "@company"} {
		files := treeOf(t, t.TempDir(), map[string]map[string]string{"web": using(`version: 1.0.0, repository: "` + repository + `"`), "lib": lib("1.0.0", "tree")})
		var missing *MissingDependencies
		if _, err := Load(files, "web"); !errors.As(err, &missing) {
			t.Errorf("%s should not be known, is %v", repository, err)
		}
	}
}

func with(files map[string]string, name, text string) map[string]string {
	files[name] = text
	return files
}

// treeOf writes charts, by their directories, into a tree and to disk. A chart whose name ends in .tgz is packed.
func treeOf(t *testing.T, root string, charts map[string]map[string]string) *tree.Tree {
	t.Helper()
	blobs := tree.NewBlobs()
	var entries []tree.Entry
	add := func(name string, data []byte) {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(root, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
		blobs.Put(name, data)
		entries = append(entries, tree.Entry{Path: name, Mode: tree.ModeFile, OID: name})
	}
	for dir, files := range charts {
		if strings.HasSuffix(dir, ".tgz") {
			file, err := chartutil.Save(chartOf(t, files), t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			add(dir, data)
			continue
		}
		for name, text := range files {
			add(dir+"/"+name, []byte(text))
		}
	}
	return tree.New("", entries, blobs)
}
