package planner

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"onebranch.dev/renderer/appset"
)

// baseDir matches a version of a component's own base. In a cluster, Kustomize is started by a script that gives it this directory
// and the overlays that the Application names, and no way to another machine (infra/argocd/kustomize.ts).
var baseDir = regexp.MustCompile(`^gitops/(addons|apps)/[^/]+/base/[^/]+$`)

// overlayDirs are the directories that a source may read: a version of a base, and the overlays over it in their order. They are
// nil for any other kustomization, which may read the whole tree.
func overlayDirs(source *appset.Source) []string {
	// A fleet has thousands of sources without.
	if !strings.Contains(source.Path, "/base/") {
		return nil
	}
	dir := path.Clean(source.Path)
	if !baseDir.MatchString(dir) {
		return nil
	}
	dirs := []string{dir}
	if source.Kustomize != nil {
		for _, component := range source.Kustomize.Components {
			dirs = append(dirs, path.Join(dir, component))
		}
	}
	return dirs
}

// planOverlays identifies what a base and its overlays are.
func (j *job) planOverlays(dirs []string, add func(...string)) error {
	for _, dir := range dirs {
		sum, err := j.tree.Hash(dir)
		if err != nil {
			return fmt.Errorf("kustomize build %s: %w", dirs[0], err)
		}
		add(dir, sum)
	}
	return nil
}
