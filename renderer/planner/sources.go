package planner

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path"
	"strings"

	"onebranch.dev/renderer/appset"
)

// NotEvaluated says why something cannot be determined offline.
type NotEvaluated struct{ Reason string }

func (e *NotEvaluated) Error() string { return e.Reason }

func isNotEvaluated(err error) bool {
	var unknown *NotEvaluated
	return errors.As(err, &unknown)
}

func notEvaluated(format string, args ...any) error {
	return &NotEvaluated{fmt.Sprintf(format, args...)}
}

// sourcesOf returns the sources that make manifests, without those that only provide files to other sources.
func sourcesOf(app *appset.Application) []*appset.Source {
	var out []*appset.Source
	if len(app.Spec.Sources) == 0 {
		if app.Spec.Source != nil {
			out = append(out, app.Spec.Source)
		}
		return out
	}
	for i := range app.Spec.Sources {
		s := &app.Spec.Sources[i]
		if s.Ref == "" || s.Path != "" || s.Chart != "" {
			out = append(out, s)
		}
	}
	return out
}

// environment is Argo CD's build environment.
type environment struct {
	values map[string]string
	// revision records whether the commit's id was used: such a render changes with each commit.
	revision bool
}

func newEnvironment(t *loaded, app *appset.Application, source *appset.Source) *environment {
	revision := t.Revision
	short := func(n int) string { return revision[:min(n, len(revision))] }
	return &environment{values: map[string]string{
		"ARGOCD_APP_NAME":                   app.Metadata.Name,
		"ARGOCD_APP_NAMESPACE":              app.Spec.Destination.Namespace,
		"ARGOCD_APP_PROJECT_NAME":           app.Spec.Project,
		"ARGOCD_APP_REVISION":               revision,
		"ARGOCD_APP_REVISION_SHORT":         short(7),
		"ARGOCD_APP_REVISION_SHORT_8":       short(8),
		"ARGOCD_APP_SOURCE_REPO_URL":        source.RepoURL,
		"ARGOCD_APP_SOURCE_PATH":            source.Path,
		"ARGOCD_APP_SOURCE_TARGET_REVISION": source.TargetRevision,
	}}
}

func (e *environment) expand(text string) string {
	if !strings.Contains(text, "$") {
		return text
	}
	return os.Expand(text, func(name string) string {
		if name == "$" {
			return "$"
		}
		if strings.HasPrefix(name, "ARGOCD_APP_REVISION") {
			e.revision = true
		}
		return e.values[name]
	})
}

// resolveValueFile returns the path of a value file in the tree, without checking whether the file exists.
func resolveValueFile(t *loaded, app *appset.Application, source *appset.Source, env *environment, name string) (string, error) {
	base := source.Path
	if strings.HasPrefix(name, "$") {
		ref, rest, _ := strings.Cut(name, "/")
		if target := referenced(app, strings.TrimPrefix(ref, "$")); target != nil {
			if err := sameRepository(t, target); err != nil {
				return "", err
			}
			name = "/" + env.expand(rest)
			return inside(name, "")
		}
	}
	name = env.expand(name)
	if parsed, err := url.Parse(name); err == nil && parsed.Scheme != "" {
		if parsed.Scheme == "http" || parsed.Scheme == "https" {
			return "", notEvaluated("the value file %s is read from the network", name)
		}
		return "", fmt.Errorf("error resolving value file path: the URL scheme '%s' is not allowed", parsed.Scheme)
	}
	if source.Chart != "" && !strings.HasPrefix(name, "/") {
		return "", notEvaluated("the value file %s is inside the chart %s", name, source.Chart)
	}
	return inside(name, base)
}

func inside(name, base string) (string, error) {
	full := path.Join("/", name)
	if !strings.HasPrefix(name, "/") {
		full = path.Join("/", base, name)
		if depth(base, name) {
			return "", fmt.Errorf("error resolving value file path: file '%s' resolved to outside repository root", name)
		}
	} else if depth("", strings.TrimPrefix(name, "/")) {
		return "", fmt.Errorf("error resolving value file path: file '%s' resolved to outside repository root", name)
	}
	if full == "/" {
		return "", fmt.Errorf("error resolving value file path: %q is the repository root, not a file", name)
	}
	return strings.TrimPrefix(full, "/"), nil
}

// depth reports whether a relative path climbs above the root.
func depth(base, name string) bool {
	level := 0
	for _, part := range strings.Split(path.Join(base)+"/"+name, "/") {
		switch part {
		case "", ".":
		case "..":
			if level--; level < 0 {
				return true
			}
		default:
			level++
		}
	}
	return false
}

func referenced(app *appset.Application, ref string) *appset.Source {
	for i := range app.Spec.Sources {
		if app.Spec.Sources[i].Ref == ref && ref != "" {
			return &app.Spec.Sources[i]
		}
	}
	return nil
}

// sameRepository refuses sources from any other repository or revision than the tree's.
func sameRepository(t *loaded, source *appset.Source) error {
	if source.RepoURL != t.repoURL {
		return notEvaluated("its source is another repository (%s)", source.RepoURL)
	}
	if source.TargetRevision != t.revision && !(source.TargetRevision == "" && t.revision == "HEAD") {
		return notEvaluated("its source is the revision %q, not %q", source.TargetRevision, t.revision)
	}
	return nil
}

type sourceType int

const (
	helmSource sourceType = iota
	kustomizeSource
	directorySource
	pluginSource
)

var kustomizations = map[string]bool{"kustomization.yaml": true, "kustomization.yml": true, "Kustomization": true}

// typeOf returns how a source is rendered: the type that the source names, otherwise the type that the files in its
// directory imply.
func typeOf(t *loaded, source *appset.Source) (sourceType, error) {
	var said []string
	kind := directorySource
	if source.Kustomize != nil {
		said, kind = append(said, "Kustomize"), kustomizeSource
	}
	if source.Helm != nil {
		said, kind = append(said, "Helm"), helmSource
	}
	if source.Directory != nil {
		said, kind = append(said, "Directory"), directorySource
	}
	if source.Plugin != nil {
		said, kind = append(said, "Plugin"), pluginSource
	}
	switch {
	case len(said) > 1:
		return 0, fmt.Errorf("multiple application sources defined: %s", strings.Join(said, ","))
	case len(said) == 1:
		return kind, nil
	case source.Chart != "":
		return helmSource, nil
	}
	for _, name := range t.Children(path.Clean(source.Path)) {
		if strings.HasSuffix(name, "Chart.yaml") {
			kind = helmSource
		}
		if kustomizations[name] {
			kind = kustomizeSource
		}
	}
	return kind, nil
}
