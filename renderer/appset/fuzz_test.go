package appset

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"
)

// expandFuzzed expands an arbitrary object twice: it must end, and give the same result both times.
func expandFuzzed(t *testing.T, object map[string]any) {
	t.Helper()
	expand := func() string {
		inputs := inputsOf(pins)
		inputs.Time = 200 * time.Millisecond
		set, apps := Expand(object, inputs, []string{"platform"})
		if strings.Contains(set.Error, "it was stopped") {
			t.Skip("where it was stopped is not the same each time")
		}
		if (set.Error != "" || set.NotEvaluated != "") && len(apps) > 0 {
			t.Errorf("a set that is not expanded (%s%s) should have no Applications", set.Error, set.NotEvaluated)
		}
		for _, app := range apps {
			if app.Application == nil {
				t.Fatal("an Application is missing")
			}
		}
		data, err := json.Marshal([]any{set, apps})
		if err != nil {
			t.Fatalf("what was expanded should be JSON: %v", err)
		}
		return string(data)
	}
	first := expand()
	if strings.Contains(first, "uuid") || strings.Contains(first, "rand") {
		return
	}
	if second := expand(); first != second {
		t.Errorf("should be the same each time, is\n%s\nand\n%s", first, second)
	}
}

func FuzzExpand(f *testing.F) {
	list := "generators: [{list: {elements: [{component: a, n: 1, deep: {b: [x]}}]}}]\n"
	for _, spec := range []string{
		goTemplate + list + templateOf("{{ .component }}", "{v: '{{ .n }}'}"),
		list + templateOf("{{component}}-{{n}}", "{v: '{{deep.b}}'}"),
		goTemplate + "generators: [{git: {repoURL: " + repo + ", revision: main, files: [{path: 'apps/**/pin.yaml', exclude: false}, {path: 'apps/b/**', exclude: true}]}}]\n" + templateOf("{{ .component }}-{{ .path.basename }}", "{}"),
		goTemplate + "generators: [{git: {repoURL: " + repo + ", revision: main, directories: [{path: '*'}, {path: lists, exclude: true}], values: {a: '{{ .path.path }}'}}}]\n" + templateOf("{{ .path.basenameNormalized }}", "{}"),
		goTemplate + "generators: [{clusters: {selector: {matchLabels: {stage: prod}, matchExpressions: [{key: cap-base, operator: In, values: ['true']}]}, values: {a: '{{ .name }}'}, flatList: true}, selector: {matchLabels: {a: b}}}]\n" + templateOf("{{ .nameNormalized }}", "{}"),
		goTemplate + "generators: [{matrix: {generators: [{clusters: {}}, {list: {elementsYaml: '[{a: {{ .name }}}]'}}]}}]\n" + templateOf("{{ .a }}", "{}"),
		goTemplate + "generators: [{merge: {mergeKeys: [component], generators: [{list: {elements: [{component: a}]}}, {list: {elements: [{component: a, v: 2}], template: {metadata: {name: x}}}}]}}]\n" + templateOf("{{ .component }}", "{}"),
		goTemplate + list + templateOf("{{ .component }}", "{}") + "templatePatch: |\n  spec: {source: {helm: {values: '{{ .n }}'}}}\nsyncPolicy: {applicationsSync: create-only, preserveResourcesOnDeletion: true}\n",
		"generators: [{scmProvider: {}}, {pullRequest: {}}, {plugin: {}}, {clusterDecisionResource: {}}, {oci: {}}, {}]\ntemplate: {}\n",
		goTemplate + "generators: [{matrix: {generators: [{list: {elements: [{a: x, t: '{{ tpl .t . }}'}]}}, {matrix: {generators: [{clusters: {values: {s: '{{ .name }}', t: '{{ tpl .t . }}'}}}, {list: {}}]}}]}}]\n" + templateOf("{{ tpl .a . }}", "{}"),
		"generators: 1\ntemplate: [a]\ngoTemplate: 'yes'\n",
	} {
		f.Add(spec)
	}
	f.Fuzz(func(t *testing.T, spec string) {
		object := map[string]any{}
		if err := yaml.Unmarshal([]byte(spec), &object); err != nil {
			return
		}
		expandFuzzed(t, map[string]any{"metadata": map[string]any{"name": "set", "namespace": "argocd"}, "spec": object})
	})
}

func FuzzTemplatePatch(f *testing.F) {
	for _, patch := range []string{
		"spec: {project: other}", "metadata: {labels: {a: '{{ .component }}'}, finalizers: [x]}", "spec: {source: null}", "{{ range until 3 }}a{{ end }}: {}",
		"spec: {source: {helm: {valuesObject: {a: [1]}}}}", "$patch: delete", "spec: {sources: [{$patch: replace}, {ref: a}]}", "[]", "{{ toYaml . }}", "spec: {syncPolicy: {$retainKeys: [automated], automated: {}}}",
		"metadata: {$setElementOrder/finalizers: [a], $deleteFromPrimitiveList/finalizers: [b]}", "{{ fail \"no\" }}", "{{",
	} {
		f.Add(patch)
	}
	f.Fuzz(func(t *testing.T, patch string) {
		var spec map[string]any
		if err := yaml.Unmarshal([]byte(goTemplate+"generators: [{list: {elements: [{component: a}]}}]\n"+templateOf("{{ .component }}", "{}")), &spec); err != nil {
			t.Fatal(err)
		}
		spec["templatePatch"] = patch
		expandFuzzed(t, map[string]any{"metadata": map[string]any{"name": "set", "namespace": "argocd"}, "spec": spec})
	})
}

func FuzzSelector(f *testing.F) {
	for _, text := range []string{"matchLabels: {stage: prod}", "matchExpressions: [{key: stage, operator: NotIn, values: [dev, 1]}]", "matchExpressions: [{key: a, operator: Exists}]", "matchExpressions: [1]", "[]", "matchLabels: [a]", "matchExpressions: [{key: '', operator: In}]"} {
		f.Add(text)
	}
	labels := map[string]string{"stage": "prod", "region": ""}
	f.Fuzz(func(t *testing.T, text string) {
		var value any
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			return
		}
		found, err := parseSelector(value)
		if err != nil {
			if len(found) > 0 || strings.TrimSpace(err.Error()) == "" {
				t.Errorf("%q: a refused selector should have no conditions and a reason, is %v (%v)", text, found, err)
			}
			return
		}
		// The conditions are independent: a selector matches exactly when each of its conditions matches alone.
		all := true
		for i := range found {
			all = all && found[i:i+1].matches(labels)
		}
		if found.matches(labels) != all {
			t.Errorf("%q: should match: %v", text, all)
		}
	})
}
