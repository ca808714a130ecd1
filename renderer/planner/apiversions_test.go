package planner

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"onebranch.dev/renderer/appset"
	"onebranch.dev/renderer/manifest"
	"onebranch.dev/renderer/tree"
)

// asking is a chart whose ConfigMap says which of some API versions Helm was given.
func asking(dir string, versions ...string) map[string]string {
	var data strings.Builder
	for i, version := range versions {
		fmt.Fprintf(&data, "v%d: {{ .Capabilities.APIVersions.Has %q | quote }}\n  ", i, version)
	}
	return chartFiles(dir, configMap("asking", strings.TrimSpace(data.String())))
}

// answers are the values of that chart's ConfigMap.
func answers(t *testing.T, r *Rendered) string {
	t.Helper()
	data, _ := r.Resources[0].Object()["data"].(map[string]any)
	var out []string
	for i := range len(data) {
		out = append(out, fmt.Sprint(data[fmt.Sprint("v", i)]))
	}
	return strings.Join(out, " ")
}

func crd(group, kind string) string {
	return fmt.Sprintf(`apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.%[1]s}
spec:
  group: %[1]s
  names: {kind: %[2]s, plural: things}
  scope: Namespaced
  versions:
  - {name: v1, served: true, storage: true}
  - {name: v1alpha1, served: false, storage: false}
`, group, kind)
}

func TestAPIVersionsAreThoseOfTheClustersKubernetes(t *testing.T) {
	f := newFixture(t, Options{}, asking("charts/asking",
		"apps/v1", "apps/v1/Deployment", "apps/v1/DeploymentList", "apps/v1/Nothing", "v1/Pod", "v1/ComponentStatus",
		"authentication.k8s.io/v1/TokenReview", "admissionregistration.k8s.io/v1/MutatingAdmissionPolicy",
		"argoproj.io/v1alpha1", "argoproj.io/v1alpha1/Application", "apiextensions.k8s.io/v1/CustomResourceDefinition",
		"monitoring.coreos.com/v1", "example.com/v1/Given"))
	app := application("asking", appset.Source{Path: "charts/asking"})
	for version, want := range map[string]string{
		"1.36": "true true false false true false false true true true true false true",
		"1.35": "true true false false true false false false true true true false true",
	} {
		cluster := Cluster{KubeVersion: version, APIVersions: []string{"example.com/v1/Given"}}
		if got := answers(t, f.mustRender(app, cluster)); got != want {
			t.Errorf("Kubernetes %s should answer\n  %s\nanswers\n  %s", version, want, got)
		}
	}
	app.Application.Spec.Source.Helm = &appset.Helm{APIVersions: []string{"monitoring.coreos.com/v1"}}
	if got := answers(t, f.mustRender(app, Cluster{KubeVersion: "1.36"})); got != "true false false false false false false false false false false true false" {
		t.Errorf("the Application's own list should replace the cluster's: %s", got)
	}
}

func TestKubernetesVersionHasThreeParts(t *testing.T) {
	f := newFixture(t, Options{}, chartFiles("charts/asking", configMap("asking", "v0: {{ .Capabilities.KubeVersion.Version | quote }}")))
	app := application("asking", appset.Source{Path: "charts/asking"})
	for _, c := range []struct{ ofCluster, own, want string }{
		{"1.36", "", "v1.36.0"},
		{"v1.36.1", "", "v1.36.1"},
		{"1.36", "1.35", "v1.35"},
	} {
		app.Application.Spec.Source.Helm = &appset.Helm{KubeVersion: c.own}
		if got := answers(t, f.mustRender(app, Cluster{KubeVersion: c.ofCluster})); got != c.want {
			t.Errorf("%+v: is %s", c, got)
		}
	}
}

// clusterOf has a root set that makes one Application per directory, with the directory's name.
func clusterOf(name string, dirs ...string) Cluster {
	var elements []any
	for _, dir := range dirs {
		elements = append(elements, map[string]any{"name": dir[strings.LastIndex(dir, "/")+1:], "path": dir})
	}
	return Cluster{Name: name, KubeVersion: "1.36", Projects: []string{"default"}, Secrets: []appset.Cluster{}, Roots: []map[string]any{{
		"apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet", "metadata": map[string]any{"name": "root", "namespace": "argocd"},
		"spec": map[string]any{
			"goTemplate": true,
			"generators": []any{map[string]any{"list": map[string]any{"elements": elements}}},
			"template": map[string]any{
				"metadata": map[string]any{"name": "{{.name}}"},
				"spec": map[string]any{
					"project":     "default",
					"source":      map[string]any{"repoURL": testRepo, "targetRevision": "main", "path": "{{.path}}"},
					"destination": map[string]any{"server": "https://kubernetes.default.svc", "namespace": "apps"},
				},
			},
		},
	}}}
}

func manifestsOf(t *testing.T, out *Manifestation, application, cluster string) *Rendered {
	t.Helper()
	for _, m := range out.Manifests {
		for _, name := range m.Clusters {
			if m.Application == application && name == cluster {
				return &Rendered{Built: manifest.Built{Resources: m.Resources}}
			}
		}
	}
	t.Fatalf("%s in %s is not rendered: %+v", application, cluster, out)
	return nil
}

func TestAPIVersionsHaveTheCRDsOfTheSameCluster(t *testing.T) {
	files := asking("charts/asking", "monitoring.coreos.com/v1", "monitoring.coreos.com/v1/ServiceMonitor", "monitoring.coreos.com/v1alpha1",
		"example.com/v1/Plain", "example.org/v1/Folder")
	maps.Copy(files, chartFiles("charts/operator", crd("monitoring.coreos.com", "ServiceMonitor")))
	maps.Copy(files, chartFiles("charts/folder"))
	files["charts/folder/crds/a.yaml"] = crd("example.org", "Folder")
	files["plain/crd.yaml"] = crd("example.com", "Plain")
	f := newFixture(t, Options{}, files)
	out, err := f.Render("tree", []Cluster{
		clusterOf("all", "charts/asking", "charts/operator", "plain", "charts/folder"),
		clusterOf("some", "charts/asking", "charts/operator"),
		clusterOf("none", "charts/asking"),
	}, Filter{})
	if err != nil {
		t.Fatal(err)
	}
	for cluster, want := range map[string]string{
		"all": "true true false true true", "some": "true true false false false", "none": "false false false false false",
	} {
		if got := answers(t, manifestsOf(t, out, "asking", cluster)); got != want {
			t.Errorf("the cluster %s should answer %q, answers %q", cluster, want, got)
		}
	}
}

func TestANewCRDChangesOnlyThoseWhoAsk(t *testing.T) {
	before := asking("charts/asking", "monitoring.coreos.com/v1")
	maps.Copy(before, chartFiles("charts/silent", configMap("silent", "version: {{ .Capabilities.KubeVersion.Version | quote }}")))
	maps.Copy(before, chartFiles("charts/operator", configMap("operator", "a: b")))
	f := newFixture(t, Options{}, before)
	after := maps.Clone(before)
	after["charts/operator/templates/crd.yaml"] = crd("monitoring.coreos.com", "ServiceMonitor")
	var entries []tree.Entry
	for path, content := range after {
		entries = append(entries, tree.Entry{Path: path, Mode: tree.ModeFile, OID: blobID(content)})
		f.PutBlob(blobID(content), []byte(content))
	}
	f.PutTree("head", testRepo, "main", "fedcba", entries)
	clusters := []Cluster{
		clusterOf("with", "charts/asking", "charts/silent", "charts/operator"), clusterOf("without", "charts/asking", "charts/silent"),
	}
	diff, err := f.Diff(Side{"tree", clusters}, Side{"head", clusters}, Filter{}, Uncompared{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range diff.Changes {
		got = append(got, fmt.Sprintf("%s%v%d", c.Application, c.Clusters, len(c.Resources)))
	}
	if want := "asking[with]1 operator[with]1"; strings.Join(got, " ") != want {
		t.Errorf("should change %s, changes %s", want, got)
	}
	if diff.Statistics.Changed != 2 {
		t.Errorf("only those two should be compared, are %d", diff.Statistics.Changed)
	}
}

func TestOnlyTheWholeWordAsksForAPIVersions(t *testing.T) {
	for text, want := range map[string]bool{
		"{{ .Capabilities.APIVersions }}":                            true,
		`{{ get $ "Capabilities" }}`:                                 true,
		"{{ .Capabilities.KubeVersion.Version }}":                    false,
		"{{ .Values.knownCapabilities }}":                            false,
		"{{ .Values.knownCapabilities }}{{ toYaml $.Capabilities }}": true,
	} {
		if got := asksFor([]byte(text)); got != want {
			t.Errorf("%s: is %v", text, got)
		}
	}
}
