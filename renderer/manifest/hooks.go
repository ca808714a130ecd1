package manifest

import (
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

// fateOf follows gitops-engine (pkg/sync/hook/hook.go: IsHook, Skip, Types; pkg/sync/ignore) and argo-cd
// (controller/hook.go: isHookOfType). model/argocd says the same in TypeScript.
func fateOf(object map[string]any) fate {
	metadata, _ := object["metadata"].(map[string]any)
	annotations, _ := metadata["annotations"].(map[string]any)
	argo, isArgo := annotations[hookAnnotation].(string)
	helm, isHelm := annotations[helmHookAnnotation].(string)
	// Helm 2's hook for CustomResourceDefinitions.
	if !isArgo && (!isHelm || helm == "crd-install") {
		return applied
	}
	if listsAny(argo, "PreDelete", "PostDelete") || listsAny(helm, "pre-delete", "post-delete") {
		return applied
	}
	if listsAny(argo, "PreSync", "Sync", "PostSync", "SyncFail") {
		return applied
	}
	if listsAny(argo, "Skip") {
		return skipped
	}
	// Helm's hooks of a sync count only where Argo CD's own annotation names none.
	if listsAny(helm, "pre-install", "pre-upgrade", "post-install", "post-upgrade") {
		return applied
	}
	return ignored
}

// listsAny reports whether a comma list has one of some items.
func listsAny(list string, items ...string) bool {
	for item := range strings.SplitSeq(list, ",") {
		if slices.Contains(items, strings.TrimSpace(item)) {
			return true
		}
	}
	return false
}

// IsHook reports whether Argo CD takes it for a hook (gitops-engine, pkg/sync/hook/hook.go), so that it is not kept in sync.
func (r *Resource) IsHook() bool {
	metadata, _ := r.Object()["metadata"].(map[string]any)
	annotations, _ := metadata["annotations"].(map[string]any)
	_, argo := annotations[hookAnnotation].(string)
	helm, isHelm := annotations[helmHookAnnotation].(string)
	return argo || isHelm && helm != "crd-install"
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
