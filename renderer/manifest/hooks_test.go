package manifest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

func TestBuild_SetsAsideWhatIsNeverApplied(t *testing.T) {
	hook := func(name, hook string) string {
		return "{apiVersion: v1, kind: Pod, metadata: {name: " + name + ", annotations: {argocd.argoproj.io/hook: " + hook + "}}}"
	}
	plain := "{apiVersion: v1, kind: Pod, metadata: {name: a}}"
	// Of several documents with one name, Argo CD first takes the last one, and only then looks at hooks.
	_, found := built(t, plain, hook("a", "Presync"), hook("b", "PreSync"), hook("c", "Skip"))
	var names []string
	for _, list := range [][]*Resource{found.Resources, found.Unapplied} {
		for _, r := range list {
			names = append(names, r.Name)
		}
		names = append(names, "|")
	}
	if got := strings.Join(names, " "); got != "b | a c |" || len(found.Repeated) != 1 {
		t.Errorf("only b should be applied, is %s (%d repeated)", got, len(found.Repeated))
	}
}

// The tool's TypeScript model is tested against the same table.
func TestFateOf(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "test", "fixtures", "argocd", "phases.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		Hook, HelmHook *string
		Fate           string
		Phases         []string
	}
	if err := yaml.Unmarshal(text, &rows); err != nil || len(rows) == 0 {
		t.Fatalf("%d rows (%v)", len(rows), err)
	}
	names := map[fate]string{applied: "applied", ignored: "ignored", skipped: "skipped"}
	for _, row := range rows {
		annotations := map[string]any{}
		said := ""
		for name, value := range map[string]*string{hookAnnotation: row.Hook, helmHookAnnotation: row.HelmHook} {
			if value != nil {
				annotations[name] = *value
				said += name + "=" + *value + " "
			}
		}
		object := map[string]any{"metadata": map[string]any{"annotations": annotations}}
		if got := names[fateOf(object)]; got != row.Fate {
			t.Errorf("%s should be %s, is %s", said, row.Fate, got)
		}
		hook := &Resource{object: func() map[string]any { return object }}
		if got := hook.Phases(); !slices.Equal(got, row.Phases) {
			t.Errorf("%s should be applied in %v, is in %v", said, row.Phases, got)
		}
	}
}
