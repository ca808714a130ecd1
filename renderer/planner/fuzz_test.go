package planner

import (
	"encoding/json"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"onebranch.dev/renderer/appset"
)

// A kustomization and the options of its source may be anything: the build ends, and reads nothing from outside the tree.
func FuzzKustomization(f *testing.F) {
	for _, seed := range [][2]string{
		{"resources: [a.yaml]\n", "{namePrefix: p-, nameSuffix: -s, namespace: n, images: ['web=r/web:1', web@sha256:0, 'web:*'], commonLabels: {a: $ARGOCD_APP_NAME}}"},
		{"resources: [a.yaml, ../k]\ncommonLabels: {a: b}\n", "{commonLabels: {a: c}, forceCommonLabels: true, replicas: [{name: a, count: '3'}]}"},
		{"resources: [https://example.com/a.yaml]\nhelmCharts: []\n", "{}"},
		{"resources: [a.yaml]\npatches: [{patch: 'x'}]\nconfigMapGenerator: [{name: g, files: [a.yaml, ../../x], literals: [a=b]}]\n", "{patches: [{target: {kind: .*}, patch: '[{op: add, path: /data/x, value: y}]'}], labelWithoutSelector: true, commonLabels: {a: b}}"},
		{"images: 1\nreplicas: [1]\nlabels: {}\ncomponents: [x]\n", "{components: [x, ''], ignoreMissingComponents: true, commonAnnotations: {a: '${ARGOCD_APP_NAME}'}, commonAnnotationsEnvsubst: true}"},
		{"[]", "{}"}, {"\x00", "{}"}, {"resources: [k/..]\ngenerators: [x]\ntransformers: [a.yaml]\nopenapi: {path: a.yaml}\n", "{kubeVersion: x}"},
	} {
		f.Add(seed[0], seed[1], configMap("a", "b: c"))
	}
	f.Fuzz(func(t *testing.T, kustomization, options, resource string) {
		k := &appset.Kustomize{}
		if err := yaml.Unmarshal([]byte(options), k); err != nil {
			return
		}
		if strings.Contains(kustomization, "://") || strings.Contains(kustomization+resource+options, "github.com") {
			return
		}
		render := func() string {
			e := newFixture(t, Options{Offline: true, Workers: 1}, map[string]string{"k/kustomization.yaml": kustomization, "k/a.yaml": resource})
			out, err := e.render(application("web", appset.Source{Path: "k", Kustomize: k}), Cluster{})
			if err != nil {
				if strings.TrimSpace(err.Error()) == "" || strings.Contains(err.Error(), "runtime error") {
					t.Errorf("the error should be a sentence, is %q", err)
				}
				return ""
			}
			return texts(out)
		}
		if first, second := render(), render(); first != second {
			t.Errorf("should be the same each time, is\n%s\nand\n%s", first, second)
		}
		if data, err := json.Marshal(k); err != nil || !json.Valid(data) {
			t.Errorf("options should be JSON: %v", err)
		}
	})
}
