package manifest

import (
	"fmt"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"onebranch.dev/renderer/chart"
)

func object(t testing.TB, text string) map[string]any {
	t.Helper()
	out := map[string]any{}
	if err := yaml.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// built returns `group/kind/namespace/name tracking-id` for each resource that the documents turn into.
func built(t testing.TB, texts ...string) ([]string, *Built) {
	t.Helper()
	var documents []chart.Document
	for i, text := range texts {
		documents = append(documents, chart.Document{Source: fmt.Sprintf("%d.yaml", i), Text: text, Object: object(t, text)})
	}
	found, err := Build(documents, Owner{Name: "app", Namespace: "home"})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range found.Resources {
		metadata := r.Object()["metadata"].(map[string]any)
		annotations, _ := metadata["annotations"].(map[string]any)
		out = append(out, r.Key()+" "+str(annotations[TrackingAnnotation]))
	}
	return out, found
}

func TestBuild(t *testing.T) {
	for _, c := range []struct {
		name     string
		texts    []string
		want     []string
		repeated string
	}{
		{"a namespaced object gets the Application's namespace",
			[]string{"{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}}"},
			[]string{"apps/Deployment/home/d app:apps/Deployment:home/d"}, ""},
		{"an object keeps its own namespace",
			[]string{"{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: other}}"},
			[]string{"/ConfigMap/other/c app:/ConfigMap:other/c"}, ""},
		{"a cluster-scoped object has none, but is tracked by the Application's",
			[]string{"{apiVersion: v1, kind: Namespace, metadata: {name: space}}"},
			[]string{"/Namespace//space app:/Namespace:home/space"}, ""},
		{"a cluster-scoped object loses a namespace of its own, and is tracked by it",
			[]string{"{apiVersion: v1, kind: Namespace, metadata: {name: space, namespace: wrong}}"},
			[]string{"/Namespace//space app:/Namespace:wrong/space"}, ""},
		{"an object without apiVersion is handed on, as one of the core group",
			[]string{"{kind: ConfigMap, metadata: {name: c}}"},
			[]string{"/ConfigMap/home/c app:/ConfigMap:home/c"}, ""},
		{"a CRD is not tracked, and says what is cluster-scoped",
			[]string{
				"{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: t}, spec: {group: g.io, scope: Cluster, names: {kind: Thing}}}",
				"{apiVersion: g.io/v1, kind: Thing, metadata: {name: a}}",
			},
			[]string{"apiextensions.k8s.io/CustomResourceDefinition//t ", "g.io/Thing//a app:g.io/Thing:home/a"}, ""},
		{"a constraint of Gatekeeper is cluster-scoped, whatever its template calls it",
			[]string{"{apiVersion: constraints.gatekeeper.sh/v1beta1, kind: Ports, metadata: {name: a}}"},
			[]string{"constraints.gatekeeper.sh/Ports//a app:constraints.gatekeeper.sh/Ports:home/a"}, ""},
		{"a list is opened, an empty one is nothing",
			[]string{"{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}]}", "{apiVersion: v1, kind: List, items: null}"},
			[]string{"/ConfigMap/home/a app:/ConfigMap:home/a"}, ""},
		{"of two of a name the last one counts",
			[]string{"{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: first}}", "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: last}}"},
			[]string{"/ConfigMap/home/a app:/ConfigMap:home/a"}, "ConfigMap home/a: [0.yaml 1.yaml]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, found := built(t, c.texts...)
			repeated := ""
			for _, r := range found.Repeated {
				repeated += fmt.Sprintf("%s %s/%s: %v", r.Kind, r.Namespace, r.Name, r.Sources)
			}
			if strings.Join(got, "\n") != strings.Join(c.want, "\n") || repeated != c.repeated {
				t.Errorf("should be %q (repeated %q), is %q (repeated %q)", c.want, c.repeated, got, repeated)
			}
		})
	}
}

func TestBuild_LeavesTheSharedDocumentAlone(t *testing.T) {
	text := "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, annotations: {own: x}}}"
	shared := object(t, text)
	for _, owner := range []Owner{{"one", "n1"}, {"two", "n2"}, {"one", "n1"}} {
		built, err := Build([]chart.Document{{Source: "s", Text: text, Object: shared}}, owner)
		if err != nil {
			t.Fatal(err)
		}
		if r := built.Resources[0]; r.Namespace != owner.Namespace {
			t.Errorf("namespace should be %s, is %s", owner.Namespace, r.Namespace)
		}
	}
	if metadata := shared["metadata"].(map[string]any); metadata["namespace"] != nil || len(metadata["annotations"].(map[string]any)) != 1 {
		t.Errorf("the document was changed: %v", shared)
	}
}

func TestBuild_RefusesAnAnnotationThatIsNoText(t *testing.T) {
	text := "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, annotations: {on: true}}}"
	_, err := Build([]chart.Document{{Source: "s.yaml", Text: text, Object: object(t, text)}}, Owner{"app", "n"})
	if err == nil || !strings.Contains(err.Error(), "quote it") {
		t.Errorf("error should say what to do, is %v", err)
	}
}

func TestDiff(t *testing.T) {
	for _, c := range []struct{ name, from, to, want string }{
		{"equal objects", "{a: 1}", "{a: 1}", ""},
		{"a changed, a new and a gone field", "{a: 1, b: 2}", "{a: 3, c: 4}", "a b- c+"},
		{"named items are compared by name", "{l: [{name: x, v: 1}, {name: z, v: 1}]}", "{l: [{name: new, v: 0}, {name: x, v: 1}, {name: z, v: 2}]}", "l[new]+ l[z].v"},
		{"named items in another order", "{l: [{name: x}, {name: z}]}", "{l: [{name: z}, {name: x}]}", "l[order]"},
		{"other lists by place", "{l: [1, 2, 3]}", "{l: [1, 5]}", "l[1] l[2]-"},
		{"a value that becomes a map", "{a: 1}", "{a: {b: 1}}", "a"},
		{"keys with dots are quoted", `{"a.b": 1}`, `{"a.b": 2}`, `["a.b"]`},
		{"null is not missing", "{a: null}", "{}", "a-"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, change := range Diff(object(t, c.from), object(t, c.to)) {
				switch {
				case change.From == nil:
					got = append(got, change.Path+"+")
				case change.To == nil:
					got = append(got, change.Path+"-")
				default:
					got = append(got, change.Path)
				}
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("should be %q, is %q", c.want, got)
			}
		})
	}
}
