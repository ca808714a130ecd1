package appset

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"onebranch.dev/renderer/tree"
)

// treeOf makes a tree from texts by path.
func treeOf(files map[string]string) *tree.Tree {
	blobs := tree.NewBlobs()
	var entries []tree.Entry
	for path, text := range files {
		entries = append(entries, tree.Entry{Path: path, Mode: tree.ModeFile, OID: text})
		blobs.Put(text, []byte(text))
	}
	return tree.New("0123456789abcdef", entries, blobs)
}

const repo = "https://git.example.com/tree.git"

func inputsOf(files map[string]string) *Inputs {
	return &Inputs{
		Tree: treeOf(files), RepoURL: repo, Revision: "main", Files: NewFileCache(),
		Clusters: []Cluster{{
			Name: "Prod EU", Server: InCluster,
			Labels: map[string]string{"stage": "prod", "cap-base": "true"}, Annotations: map[string]string{"domain": "eu.example.com"},
		}},
	}
}

// expandText expands an ApplicationSet with the given generators and template; options are goTemplate's.
func expandText(t testing.TB, files map[string]string, spec string) (Set, []Generated) {
	t.Helper()
	var object map[string]any
	text := "metadata: {name: set, namespace: argocd}\nspec:\n" + indent(spec)
	if err := yaml.Unmarshal([]byte(text), &object); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return Expand(object, inputsOf(files), []string{"platform"})
}

func indent(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n  ") + "\n"
}

const goTemplate = "goTemplate: true\ngoTemplateOptions: [missingkey=error]\n"

// templateOf uses every parameter in an annotation, so that a test sees all of them.
func templateOf(name string, annotations string) string {
	return fmt.Sprintf("template:\n  metadata: {name: %q, annotations: %s}\n  spec:\n    project: platform\n    source: {repoURL: %s, targetRevision: main, path: charts/x}\n    destination: {server: %s, namespace: x}\n", name, annotations, repo, InCluster)
}

// summary is `name label=value ...` of each Application.
func summary(apps []Generated) []string {
	out := []string{}
	for _, g := range apps {
		text := g.Application.Metadata.Name
		for _, key := range sortedKeys(g.Application.Metadata.Annotations) {
			text += " " + key + "=" + g.Application.Metadata.Annotations[key]
		}
		if g.Invalid != "" {
			text += " INVALID " + g.Invalid
		}
		out = append(out, text)
	}
	return out
}

var pins = map[string]string{
	"apps/a/stages/prod/pin.yaml":    "component: a\nversion: 1.0.0\nrequires: base\nreplicas: 3\n",
	"apps/b/stages/prod/pin.yaml":    "component: b\nversion: 2.0.0\nrequires: nodes\n",
	"apps/b/stages/dev/pin.yaml":     "component: b\nversion: 9.0.0\nrequires: nodes\n",
	"apps/x/y/stages/prod/pin.yaml":  "component: xy\nversion: 3.0.0\nrequires: base\n",
	"clusters/prod-eu/pins/a.yaml":   "component: a\nversion: 1.1.0\n",
	"clusters/prod-eu/pins/no.yaml":  "component: nowhere\nversion: 5.0.0\n",
	"clusters/dev/pins/a.yaml":       "component: a\nversion: 0.0.1\n",
	"lists/many.yaml":                "- {name: one, num: 1}\n- {name: two, num: 2}\n",
	"lists/.hidden/config.yaml":      "name: hidden\n",
	"deep/er/file_Name.With.DOTS.md": "name: odd\n",
}

func TestExpand(t *testing.T) {
	files := func(path string) string {
		return fmt.Sprintf("{git: {repoURL: %s, revision: main, files: [{path: %q}]}}", repo, path)
	}
	for _, c := range []struct {
		name, spec string
		want       []string
		failure    string
		unknown    string
	}{
		{
			name: "a star of the git file generator does not match slashes",
			spec: goTemplate + "generators: [" + files("apps/*/stages/prod/pin.yaml") + "]\n" + templateOf("{{ .component }}", "{v: '{{ .version }}', p: '{{ .path.path }}', s: '{{ index .path.segments 1 }}'}"),
			want: []string{
				"a p=apps/a/stages/prod s=a v=1.0.0", "b p=apps/b/stages/prod s=b v=2.0.0",
			},
		},
		{
			name: "two stars of the git file generator match slashes",
			spec: goTemplate + "generators: [" + files("apps/x/**/pin.yaml") + "]\n" + templateOf("{{ .component }}", "{v: '{{ .version }}'}"),
			want: []string{"xy v=3.0.0"},
		},
		{
			name:    "a pattern of files that finds a directory",
			spec:    goTemplate + "generators: [" + files("apps/*") + "]\n" + templateOf("{{ .component }}", "{v: '{{ .version }}'}"),
			failure: "unable to read files: the pattern apps/* finds apps/a: is a directory",
		},
		{
			name: "the merge of stage pins and cluster pins: overrides win, cluster pins alone make nothing",
			spec: goTemplate + fmt.Sprintf("generators: [{merge: {mergeKeys: [component], generators: [%s, {git: {repoURL: %s, revision: main, pathParamPrefix: pin, files: [{path: 'clusters/prod-eu/pins/*.yaml'}]}}]}}]\n", files("apps/?/stages/prod/pin.yaml"), repo) +
				templateOf("{{ .component }}", "{v: '{{ .version }}', p: '{{ .path.basename }}'}"),
			want: []string{"a p=prod v=1.1.0", "b p=prod v=2.0.0"},
		},
		{
			name: "a selector looks at flattened parameters, a number as text",
			spec: goTemplate + "generators: [{git: {repoURL: " + repo + ", revision: main, files: [{path: 'apps/?/stages/prod/pin.yaml'}]}, selector: {matchExpressions: [{key: replicas, operator: In, values: ['3']}]}}]\n" + templateOf("{{ .component }}", "{}"),
			want: []string{"a"},
		},
		{
			name: "DoesNotExist and NotIn keep what has no such parameter",
			spec: goTemplate + "generators: [{git: {repoURL: " + repo + ", revision: main, files: [{path: 'apps/?/stages/prod/pin.yaml'}]}, selector: {matchExpressions: [{key: replicas, operator: DoesNotExist}, {key: team, operator: NotIn, values: [x]}]}}]\n" + templateOf("{{ .component }}", "{}"),
			want: []string{"b"},
		},
		{
			name: "a selector sees into the labels of a cluster",
			spec: goTemplate + "generators: [{clusters: {}, selector: {matchLabels: {metadata.labels.stage: prod}}}, {clusters: {}, selector: {matchLabels: {metadata.labels.stage: dev}}}]\n" + templateOf("x", "{}"),
			want: []string{"x"},
		},
		{
			name: "the cluster generator gives name, server, labels and annotations",
			spec: goTemplate + "generators: [{clusters: {selector: {matchLabels: {stage: prod}}, values: {d: 'at-{{ .metadata.annotations.domain }}'}}}]\n" + templateOf("{{ .nameNormalized }}", "{s: '{{ .metadata.labels.stage }}', d: '{{ .values.d }}', called: '{{ .name }}'}"),
			want: []string{"prod-eu called=Prod EU d=at-eu.example.com s=prod"},
		},
		{
			name: "a cluster selector that matches none gives nothing",
			spec: goTemplate + "generators: [{clusters: {selector: {matchLabels: {stage: dev}}}}]\n" + templateOf("x", "{}"),
			want: []string{},
		},
		{
			name: "flatList gives one set with all clusters",
			spec: goTemplate + "generators: [{clusters: {flatList: true}}]\n" + templateOf("n{{ len .clusters }}", "{}"),
			want: []string{"n1"},
		},
		{
			name:    "missingkey=error makes the whole set fail",
			spec:    goTemplate + "generators: [" + files("apps/?/stages/prod/pin.yaml") + "]\n" + templateOf("{{ .component }}", "{r: '{{ .replicas }}'}"),
			failure: `map has no entry for key "replicas"`,
		},
		{
			name: "without missingkey=error a missing key prints as no value",
			spec: "goTemplate: true\ngenerators: [{list: {elements: [{a: x}]}}]\n" + templateOf("{{ .a }}", "{b: '{{ .b }}'}"),
			want: []string{"x b=<no value>"},
		},
		{
			name: "list elements and elementsYaml",
			spec: goTemplate + "generators: [{list: {elements: [{id: one}], elementsYaml: '[{id: two}]'}}]\n" + templateOf("{{ .id }}", "{}"),
			want: []string{"one", "two"},
		},
		{
			name: "a matrix fills the second generator with the first's parameters; the first wins",
			spec: goTemplate + "generators: [{matrix: {generators: [{list: {elements: [{stage: prod, v: first}, {stage: dev, v: first}]}}, {git: {repoURL: " + repo + ", revision: main, files: [{path: 'apps/b/stages/{{ .stage }}/pin.yaml'}]}}]}}]\n" + templateOf("{{ .component }}-{{ .stage }}", "{v: '{{ .v }}', w: '{{ .version }}'}"),
			want: []string{"b-prod v=first w=2.0.0", "b-dev v=first w=9.0.0"},
		},
		{
			name:    "values of a cluster generator inside a matrix are filled in by the first generator where it can, otherwise by the cluster",
			spec:    goTemplate + "generators: [{matrix: {generators: [{list: {elements: [{a: x, name: listed}]}}, {clusters: {values: {s: '{{ .metadata.labels.stage }}', who: '{{ .name }}', both: '{{ .a }}{{ .server }}'}}}]}}]\n" + templateOf("{{ .a }}", "{s: '{{ .values.s }}', who: '{{ .values.who }}'}"),
			failure: `map has no entry for key "a"`,
		},
		{
			name: "what none of both knows in such values prints as no value without missingkey=error",
			spec: "goTemplate: true\ngenerators: [{matrix: {generators: [{list: {elements: [{a: x, name: listed}]}}, {clusters: {values: {s: '{{ .metadata.labels.stage }}', who: '{{ .name }}', both: '{{ .a }}{{ .server }}'}}}]}}]\n" + templateOf("{{ .a }}", "{s: '{{ .values.s }}', who: '{{ .values.who }}', both: '{{ .values.both }}'}"),
			want: []string{"x both=<no value>" + InCluster + " s=prod who=listed"},
		},
		{
			name: "values of a generator two levels deep wait for their parameters too",
			spec: goTemplate + "generators: [{matrix: {generators: [{list: {elements: [{a: x}]}}, {matrix: {generators: [{clusters: {values: {s: '{{ .metadata.labels.stage }}', a: '{{ .a }}'}}}, {list: {elements: [{b: z}]}}]}}]}}]\n" + templateOf("{{ .a }}-{{ .b }}", "{s: '{{ .values.s }}', a: '{{ .values.a }}'}"),
			want: []string{"x-z a=x s=prod"},
		},
		{
			name:    "a value that fails for another reason than a missing key stops the set",
			spec:    goTemplate + "generators: [{matrix: {generators: [{list: {elements: [{a: x}]}}, {clusters: {values: {s: '{{ fail .a }}'}}}]}}]\n" + templateOf("x", "{}"),
			failure: `failed to pre-resolve Values key "s"`,
		},
		{
			name: "tpl fills in a text that is itself a parameter, and drops what has no value",
			spec: "goTemplate: true\ngenerators: [{list: {elements: [{a: x, text: 'is {{ .a }}{{ .nothing }}', outer: '{{ tpl .text . }}!'}]}}]\n" + templateOf("{{ .a }}", "{t: '{{ tpl .outer . }}'}"),
			want: []string{"x t=is x!"},
		},
		{
			name: "tpl knows the definitions and the options of the text around it",
			spec: goTemplate + "generators: [{list: {elements: [{a: x, text: '{{ template \"d\" . }}'}]}}]\n" + templateOf("{{ .a }}", `{t: '{{ define "d" }}<{{ .a }}>{{ end }}{{ tpl .text . }}'}`),
			want: []string{"x t=<x>"},
		},
		{
			name:    "tpl in tpl in tpl is the limit",
			spec:    goTemplate + "generators: [{list: {elements: [{text: '{{ tpl .text . }}'}]}}]\n" + templateOf("x", "{t: '{{ tpl .text . }}'}"),
			failure: "maximum recursion depth 3 exceeded in tpl function",
		},
		{
			name:    "tpl stops where a key is missing",
			spec:    goTemplate + "generators: [{list: {elements: [{text: '{{ .nothing }}'}]}}]\n" + templateOf("x", "{t: '{{ tpl .text . }}'}"),
			failure: `map has no entry for key "nothing"`,
		},
		{
			name: "a file with a list makes one set for each item",
			spec: goTemplate + "generators: [" + files("lists/many.yaml") + "]\n" + templateOf("{{ .name }}", "{num: '{{ .num }}'}"),
			want: []string{"one num=1", "two num=2"},
		},
		{
			name: "names and files normalised",
			spec: goTemplate + "generators: [" + files("deep/er/*") + "]\n" + templateOf("{{ .name }}", "{f: '{{ .path.filename }}', k: '{{ .path.filenameNormalized }}', s: '{{ slugify 8 true \"A long Name\" }}'}"),
			want: []string{"odd f=file_Name.With.DOTS.md k=file-name.with.dots.md s=a-long"},
		},
		{
			name: "excluded files",
			spec: goTemplate + "generators: [{git: {repoURL: " + repo + ", revision: main, files: [{path: 'apps/?/stages/*/pin.yaml'}, {path: 'apps/?/stages/dev/*', exclude: true}]}}]\n" + templateOf("{{ .component }}", "{}"),
			want: []string{"a", "b"},
		},
		{
			name: "directories: a star stays within one level, hidden ones are left out",
			spec: goTemplate + "generators: [{git: {repoURL: " + repo + ", revision: main, directories: [{path: 'apps/*'}, {path: 'lists/*'}, {path: apps/x, exclude: true}]}}]\n" + templateOf("{{ .path.basename }}", "{}"),
			want: []string{"a", "b"},
		},
		{
			name: "without Go templates only what is text is replaced",
			spec: "generators: [" + files("lists/many.yaml") + "]\n" + templateOf("{{name}}-{{ path.basename }}", "{num: '{{num}}', p: '{{path[0]}}', x: '{{unknown}}'}"),
			want: []string{"one-lists num=1 p=lists x={{unknown}}", "two-lists num=2 p=lists x={{unknown}}"},
		},
		{
			name:    "a matrix without Go templates refuses two values of one key",
			spec:    "generators: [{matrix: {generators: [{list: {elements: [{a: x}]}}, {list: {elements: [{a: z}]}}]}}]\n" + templateOf("{{a}}", "{}"),
			failure: "found duplicate key a with different value, a: x ,b: z",
		},
		{
			name:    "a merge whose base has a key twice",
			spec:    goTemplate + "generators: [{merge: {mergeKeys: [k], generators: [{list: {elements: [{k: x}, {k: x}]}}, {list: {elements: []}}]}}]\n" + templateOf("x", "{}"),
			failure: `Merge requires all param sets to be unique. Duplicate key was {"k":"x"}`,
		},
		{
			name: "names used twice inside a set are refused, both",
			spec: goTemplate + "generators: [{list: {elements: [{id: same}, {id: same}, {id: other}]}}]\n" + templateOf("{{ .id }}", "{}"),
			want: []string{
				"same INVALID ApplicationSet set contains applications with duplicate name: same",
				"same INVALID ApplicationSet set contains applications with duplicate name: same", "other",
			},
		},
		{
			name: "an Application without a name is refused, and is no duplicate of another one",
			spec: goTemplate + "generators: [{list: {elements: [{id: ''}, {id: ''}, {id: other}]}}]\n" + templateOf("{{ .id }}", "{}"),
			want: []string{
				" INVALID ApplicationSet set contains an application with no name; a name must be set in the template's metadata.name or via a templatePatch (generateName is not supported)",
				" INVALID ApplicationSet set contains an application with no name; a name must be set in the template's metadata.name or via a templatePatch (generateName is not supported)", "other",
			},
		},
		{
			name:    "a pull request generator is not evaluated",
			spec:    goTemplate + "generators: [{pullRequest: {github: {}}}]\n" + templateOf("x", "{}"),
			unknown: "the generator `pullRequest` asks a service outside Git",
		},
		{
			name:    "a generator over another repository is not evaluated",
			spec:    goTemplate + "generators: [{git: {repoURL: https://other.example.com, revision: main, files: [{path: x}]}}]\n" + templateOf("x", "{}"),
			unknown: "a git generator reads another repository (https://other.example.com)",
		},
		{
			name:    "an unknown generator",
			spec:    goTemplate + "generators: [{wish: {}}]\n" + templateOf("x", "{}"),
			unknown: "ApplicationSet set contains unrecognized generators",
		},
		{
			name:    "a function that reads the environment is not there",
			spec:    goTemplate + "generators: [{list: {elements: [{a: x}]}}]\n" + templateOf("{{ env `HOME` }}", "{}"),
			failure: `function "env" not defined`,
		},
		{
			name: "a template patch is merged, and cannot change the project",
			spec: goTemplate + "templatePatch: |\n  metadata: {annotations: {added: '{{ .a }}'}}\n  spec: {project: other, source: {helm: {valueFiles: [x.yaml]}}}\ngenerators: [{list: {elements: [{a: 'true'}]}}]\n" + templateOf("x", "{kept: k}"),
			want: []string{"x added=true kept=k"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			set, apps := expandText(t, pins, c.spec)
			if c.failure != "" {
				if !strings.Contains(set.Error, c.failure) || len(apps) > 0 {
					t.Fatalf("error should contain %q, is %q", c.failure, set.Error)
				}
				return
			}
			if set.Error != "" || set.NotEvaluated != c.unknown {
				t.Fatalf("should be not evaluated because of %q, is %q; error %q", c.unknown, set.NotEvaluated, set.Error)
			}
			if got := summary(apps); c.unknown == "" && strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("should be %q, is %q", c.want, got)
			}
		})
	}
}

func TestExpand_WritesWhatAClusterWouldStore(t *testing.T) {
	_, apps := expandText(t, nil, goTemplate+"syncPolicy: {preserveResourcesOnDeletion: false}\ngenerators: [{list: {elements: [{id: x, empty: ''}]}}]\n"+`template:
  metadata: {name: '{{ .id }}', unknown: gone}
  spec:
    project: platform
    nonsense: true
    source: {repoURL: r, path: '{{ .empty }}', helm: {ignoreMissingValueFiles: false, valueFiles: ['/{{ .id }}.yaml']}}
    destination: {server: https://kubernetes.default.svc, namespace: ""}
    syncPolicy: {automated: {prune: false, selfHeal: true}, retry: {limit: 0}}
`)
	got, err := json.Marshal(apps[0].Application)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"apiVersion":"argoproj.io/v1alpha1","kind":"Application","metadata":{"name":"x","namespace":"argocd","finalizers":["resources-finalizer.argocd.argoproj.io"]},"spec":{"source":{"repoURL":"r","helm":{"valueFiles":["/x.yaml"]}},"destination":{"server":"https://kubernetes.default.svc"},"project":"platform","syncPolicy":{"automated":{"prune":false,"selfHeal":true},"retry":{}}}}`
	if string(got) != want {
		t.Errorf("should be\n%s\nis\n%s", want, got)
	}
}

func TestExpand_DropsEmptyOptionsOfEachSource(t *testing.T) {
	_, apps := expandText(t, nil, goTemplate+"generators: [{list: {elements: [{id: x, empty: ''}]}}]\n"+`template:
  metadata: {name: '{{ .id }}'}
  spec:
    project: platform
    sources:
      - {repoURL: r, path: a, helm: {releaseName: '{{ .empty }}'}, kustomize: {}, directory: {recurse: false, jsonnet: {}}}
      - {repoURL: r, path: b, tagPrefix: 'v/', directory: {jsonnet: {libs: []}, disableExtensionFilter: true}}
      - {repoURL: r, path: c, directory: {include: '*.yaml'}}
    destination: {server: https://kubernetes.default.svc}
`)
	got, err := json.Marshal(apps[0].Application.Spec.Sources)
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"repoURL":"r","path":"a"},{"repoURL":"r","path":"b","directory":{"disableExtensionFilter":true},"tagPrefix":"v/"},{"repoURL":"r","path":"c","directory":{"include":"*.yaml"}}]`
	if string(got) != want {
		t.Errorf("should be\n%s\nis\n%s", want, got)
	}
}

func TestExpand_ListsTheClusterWithoutASecretLast(t *testing.T) {
	var object map[string]any
	text := "goTemplate: true\ngenerators: [{clusters: {}}]\n" + templateOf("{{ .nameNormalized }}", "{a: '{{ toJson .metadata }}'}")
	if err := yaml.Unmarshal([]byte("metadata: {name: set}\nspec:\n"+indent(text)), &object); err != nil {
		t.Fatal(err)
	}
	inputs := inputsOf(nil)
	inputs.Clusters = []Cluster{{Name: "other", Server: "https://other", Annotations: map[string]string{
		"domain": "x", "argocd.argoproj.io/refresh": "hard", "kubectl.kubernetes.io/last-applied-configuration": "{}",
	}}}
	_, apps := Expand(object, inputs, []string{"platform"})
	if got, want := strings.Join(summary(apps), ", "), `other a={"annotations":{"domain":"x"}}, in-cluster a=null`; got != want {
		t.Errorf("should be %q, is %q", want, got)
	}
}

func TestExpand_NamesTheFilesBehindAnApplication(t *testing.T) {
	_, apps := expandText(t, pins, goTemplate+fmt.Sprintf("generators: [{merge: {mergeKeys: [component], generators: [{git: {repoURL: %s, revision: main, files: [{path: apps/a/stages/prod/pin.yaml}]}}, {git: {repoURL: %s, revision: main, pathParamPrefix: p, files: [{path: clusters/prod-eu/pins/a.yaml}]}}]}}]\n", repo, repo)+templateOf("{{ .component }}", "{}"))
	want := "apps/a/stages/prod/pin.yaml clusters/prod-eu/pins/a.yaml"
	if got := strings.Join(apps[0].Files, " "); got != want {
		t.Errorf("should be %q, is %q", want, got)
	}
}

// The quick way to fill in a string must give the same as the template, for any string and any parameters.
func FuzzReplace(f *testing.F) {
	for _, text := range []string{
		"{{ .a }}", `{{ get . "a" }}/{{ get . "m" }}`, `{{ get . "missing" }}`, `{{ get .m "k" }}`, "x{{.a}}y{{ .m.k }}", "{{ index .path.segments 1 }}", "{{ index .path.segments 9 }}", "{{ .n }}", "{{ .missing }}",
		"{{ .m }}", "{{ tpl .a . }}", `{{ tpl "{{ .a }}{{ tpl .a . }}" . }}`, "{{- .a -}} z", "{{ .a | upper }}", "{{ index .m \"k\" }}", "{{/* c */}}", "{{ define \"x\" }}{{ end }}{{ .a }}",
	} {
		f.Add(text)
	}
	params := map[string]any{
		"a": "text", "n": 1.0, "m": map[string]any{"k": "v"}, "s": map[string]string{"k": "w"},
		"path": map[string]any{"segments": []string{"p", "q"}},
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := style{goTemplate: true, options: []string{"missingkey=error"}}
		parsed, err := s.parse(text)
		if err != nil || parsed.quick == nil {
			return
		}
		quick, ok := parsed.quick.fill(params)
		if !ok {
			return
		}
		var slow strings.Builder
		if err := parsed.Execute(&slow, params); err != nil || slow.String() != quick {
			t.Errorf("%q: should be %q (%v), is %q", text, slow.String(), err, quick)
		}
	})
}

// When the controller fills in templates, it skips nulls in maps, but not in lists.
func TestExpand_LosesNullsOfValuesObject(t *testing.T) {
	template := "template:\n  metadata: {name: a}\n  spec:\n    project: platform\n    source: {repoURL: " + repo +
		", path: x, helm: {valuesObject: {kept: 1, lost: null, list: [1, null, {lost: null, kept: \"{{ .a }}\"}]}}}\n    destination: {server: " + InCluster + ", namespace: x}\n"
	for elements, want := range map[string]string{
		"{a: x}": `{"kept":1,"list":[1,null,{"kept":"x"}]}`,
		"{}":     `{"kept":1,"list":[1,null,{"kept":"{{ .a }}","lost":null}],"lost":null}`,
	} {
		set, apps := expandText(t, nil, "goTemplate: true\ngenerators: [{list: {elements: ["+elements+"]}}]\n"+template)
		if set.Error != "" || len(apps) != 1 {
			t.Fatalf("%s: should make one Application, makes %d: %s", elements, len(apps), set.Error)
		}
		if got := string(apps[0].Application.Spec.Source.Helm.ValuesObject); got != want {
			t.Errorf("%s: should be %s, is %s", elements, want, got)
		}
	}
}

func TestWhatADirectoriesGeneratorLooksForIsKnown(t *testing.T) {
	for pattern, known := range map[string]bool{"apps/*": true, "apps/*/x": true, "apps/**": false, "apps/?": false, "/apps/*": false} {
		g := &generator{source: &Inputs{Tree: treeOf(map[string]string{"apps/a/x/b": ""}), Reads: &Reads{}}}
		g.directories([]any{map[string]any{"path": pattern}})
		if _, is := g.source.Reads.Patterns(); is != known {
			t.Errorf("%s: known should be %v, is %v", pattern, known, is)
		}
	}
}
