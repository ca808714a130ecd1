package manifest

import (
	"iter"
	"slices"
	"strings"
)

const (
	hookAnnotation     = "argocd.argoproj.io/hook"
	helmHookAnnotation = "helm.sh/hook"
)

// fate is what Argo CD does with an object of an Application.
type fate int

const (
	// applied is for everything that some sync, or the deletion of the Application, applies.
	applied fate = iota
	// ignored is for hooks without any phase of Argo CD: a misspelt one, or one that only Helm knows, such as a test. An
	// object that was deployed before is pruned.
	ignored
	// skipped objects are neither applied nor pruned.
	skipped
)

// syncHooks are Argo CD's own hooks of a sync.
var syncHooks = []string{"PreSync", "Sync", "PostSync", "SyncFail", "Skip"}

// helmPhases are the Helm hooks that Argo CD runs at a sync (gitops-engine, pkg/sync/hook/helm/type.go).
var helmPhases = map[string]string{
	"pre-install": "PreSync", "pre-upgrade": "PreSync", "post-install": "PostSync", "post-upgrade": "PostSync",
}

// deleteHooks are the hooks of a deletion: Argo CD's name and Helm's.
var deleteHooks = [][2]string{{"PreDelete", "pre-delete"}, {"PostDelete", "post-delete"}}

// hookAnnotations returns the annotations that make an object a hook, and whether it is one.
func hookAnnotations(object map[string]any) (argo, helm string, isHook bool) {
	metadata, _ := object["metadata"].(map[string]any)
	annotations, _ := metadata["annotations"].(map[string]any)
	argo, isArgo := annotations[hookAnnotation].(string)
	helm, isHelm := annotations[helmHookAnnotation].(string)
	// Helm 2's hook for CustomResourceDefinitions.
	return argo, helm, isArgo || isHelm && helm != "crd-install"
}

// phasesOf returns the phases in which Argo CD applies a hook. It follows gitops-engine (pkg/sync/hook/hook.go: IsHook, Skip,
// Types; pkg/sync/ignore) and argo-cd (controller/hook.go: isHookOfType). model/argocd says the same in TypeScript.
func phasesOf(argo, helm string) []string {
	var out []string
	add := func(phase string) {
		if !slices.Contains(out, phase) {
			out = append(out, phase)
		}
	}
	// Helm's hooks of a sync count only where Argo CD's own annotation names none.
	own := false
	for item := range items(argo) {
		if slices.Contains(syncHooks, item) {
			own = true
			if item != "Skip" {
				add(item)
			}
		}
	}
	if !own {
		for item := range items(helm) {
			if phase := helmPhases[item]; phase != "" {
				add(phase)
			}
		}
	}
	for _, names := range deleteHooks {
		if listsAny(argo, names[0]) || listsAny(helm, names[1]) {
			add(names[0])
		}
	}
	return out
}

func fateOf(object map[string]any) fate {
	argo, helm, isHook := hookAnnotations(object)
	switch {
	case !isHook || len(phasesOf(argo, helm)) > 0:
		return applied
	case listsAny(argo, "Skip"):
		return skipped
	default:
		return ignored
	}
}

// items returns the items of a comma list.
func items(list string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for item := range strings.SplitSeq(list, ",") {
			if !yield(strings.TrimSpace(item)) {
				return
			}
		}
	}
}

// listsAny reports whether a comma list has one of some items.
func listsAny(list string, names ...string) bool {
	for item := range items(list) {
		if slices.Contains(names, item) {
			return true
		}
	}
	return false
}

// IsHook reports whether Argo CD takes it for a hook (gitops-engine, pkg/sync/hook/hook.go), so that it is not kept in sync.
func (r *Resource) IsHook() bool {
	_, _, isHook := hookAnnotations(r.Object())
	return isHook
}

// Phases are those in which Argo CD applies a hook; an object that is kept in sync has none.
func (r *Resource) Phases() []string {
	argo, helm, isHook := hookAnnotations(r.Object())
	if !isHook {
		return nil
	}
	return phasesOf(argo, helm)
}

// IsSkipped reports whether Argo CD leaves the deployed object of a resource alone.
func (r *Resource) IsSkipped() bool { return fateOf(r.Object()) == skipped }

// HookChanges returns the changed fields that decide what Argo CD does with an object.
func HookChanges(before, after map[string]any) []Change {
	var out []Change
	for _, change := range Diff(before, after) {
		if strings.HasPrefix(change.Path, "metadata.annotations") {
			out = append(out, change)
		}
	}
	return out
}
