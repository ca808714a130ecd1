package manifest

import "strings"

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
// (controller/hook.go: isPostDeleteHook, which compares whole values). model/argocd says the same in TypeScript.
func fateOf(object map[string]any) fate {
	metadata, _ := object["metadata"].(map[string]any)
	annotations, _ := metadata["annotations"].(map[string]any)
	argo, isArgo := annotations[hookAnnotation].(string)
	helm, isHelm := annotations[helmHookAnnotation].(string)
	// Helm 2's hook for CustomResourceDefinitions.
	if !isArgo && (!isHelm || helm == "crd-install") {
		return applied
	}
	if argo == "PostDelete" || helm == "post-delete" {
		return applied
	}
	skip := false
	for _, item := range strings.Split(argo, ",") {
		switch strings.TrimSpace(item) {
		case "PreSync", "Sync", "PostSync", "SyncFail":
			return applied
		case "Skip":
			skip = true
		}
	}
	if skip {
		return skipped
	}
	// Helm's hooks count only where Argo CD's own annotation names no phase.
	for _, item := range strings.Split(helm, ",") {
		switch strings.TrimSpace(item) {
		case "pre-install", "pre-upgrade", "post-install", "post-upgrade":
			return applied
		}
	}
	return ignored
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
