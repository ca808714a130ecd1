package planner

import (
	"strings"
	"testing"

	"onebranch.dev/renderer/appset"
)

func TestOfComponentsThatMayBeMissingTheFirstOneCounts(t *testing.T) {
	component := func(name string) string {
		return "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonAnnotations: {" + name + ": \"yes\"}\n"
	}
	f := newFixture(t, Options{}, map[string]string{
		"k/kustomization.yaml":   "resources: [cm.yaml]\n",
		"k/cm.yaml":              configMap("x", "a: b"),
		"empty/README.md":        "no kustomization here\n",
		"one/kustomization.yaml": component("one"), "two/Kustomization": component("two"),
	})
	for _, c := range []struct {
		ignore bool
		list   []string
		want   string
	}{
		{true, []string{"../none", "../empty", "../two", "../one"}, "two"},
		{true, []string{"../none"}, ""},
		{true, []string{"../../outside"}, ""},
		{false, []string{"../one", "../two"}, "one two"},
	} {
		source := appset.Source{Path: "k", Kustomize: &appset.Kustomize{Components: c.list, IgnoreMissingComponents: c.ignore}}
		got := texts(f.mustRender(application("orders", source), Cluster{}))
		var found []string
		for _, name := range []string{"one", "two"} {
			if strings.Contains(got, `"`+name+`":"yes"`) {
				found = append(found, name)
			}
		}
		if said := strings.Join(found, " "); said != c.want {
			t.Errorf("of %v (missing ones ignored: %v) should count %q, do %q", c.list, c.ignore, c.want, said)
		}
	}
}
