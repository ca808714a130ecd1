package chart

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/Masterminds/semver/v3"
	"helm.sh/helm/v4/pkg/chart/common"
	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"sigs.k8s.io/yaml"

	"onebranch.dev/renderer/tree"
)

const localScheme = "file://"

// LocalDependencies returns the directories of a tree that a chart names as dependencies (`file://`), whether they exist
// or not, without those outside the tree. It returns false if the chart's own files were not sent yet.
func LocalDependencies(t *tree.Tree, dir string) ([]string, bool) {
	var out []string
	for _, name := range []string{"Chart.yaml", "requirements.yaml"} {
		data, err := t.Read(path.Join(dir, name))
		var absent *tree.MissingBlob
		if errors.As(err, &absent) {
			return nil, false
		}
		if err != nil || !strings.Contains(string(data), localScheme) {
			continue
		}
		var metadata chartv2.Metadata
		if yaml.Unmarshal(data, &metadata) != nil {
			continue
		}
		for _, dependency := range metadata.Dependencies {
			if place, inside := localPlace(dir, dependency); inside {
				out = append(out, place)
			}
		}
	}
	return out, true
}

// localPlace returns the directory that a dependency is packed from.
func localPlace(dir string, dependency *chartv2.Dependency) (string, bool) {
	if dependency == nil {
		return "", false
	}
	relative, isLocal := strings.CutPrefix(dependency.Repository, localScheme)
	place := path.Join(dir, relative)
	return place, isLocal && !strings.HasPrefix(relative, "/") && place != ".." && !strings.HasPrefix(place, "../")
}

// buildDependencies does what Argo CD does for a chart that lacks a dependency: it runs `helm dependency build`
// (reposerver/repository/repository.go, runHelmBuild; helm, pkg/downloader/manager.go). It fails with a
// MissingDependencies if that would fetch something from outside the tree.
func buildDependencies(t *tree.Tree, dir string, chart *chartv2.Chart) error {
	missing := missingDependencies(chart)
	if missing == nil {
		return nil
	}
	wanted := chart.Metadata.Dependencies
	for _, dependency := range wanted {
		if _, inside := localPlace(dir, dependency); !inside && dependency.Repository != "" {
			return missing
		}
	}
	if chart.Lock != nil {
		if err := checkLock(chart); err != nil {
			return buildError(err)
		}
		wanted = chart.Lock.Dependencies
	}
	unpacked := map[string]bool{}
	kept := []*chartv2.Chart{}
	for _, child := range chart.Dependencies() {
		// Dependencies that were packed before are packed again, or removed.
		if isPacked := strings.HasSuffix(childDirectory(chart, child), ".tgz"); !isPacked {
			unpacked[child.Name()] = true
			kept = append(kept, child)
		}
	}
	packed := map[string]bool{}
	for _, dependency := range wanted {
		if dependency.Repository == "" {
			if !unpacked[dependency.Name] {
				return buildError(fmt.Errorf("directory %s not found", path.Join("charts", dependency.Name)))
			}
			continue
		}
		child, err := localChart(t, dir, dependency)
		var absent *tree.MissingBlob
		if errors.As(err, &absent) {
			return absent
		}
		if err != nil {
			return buildError(err)
		}
		// Two dependencies on one chart, for example under two aliases, become one archive.
		if file := child.Name() + "-" + child.Metadata.Version; !packed[file] {
			packed[file] = true
			kept = append(kept, child)
		}
	}
	chart.SetDependencies(kept...)
	// Argo CD records in the chart's directory that it has built the dependencies.
	chart.Files = append(chart.Files, &common.File{Name: ".argocd-helm-dep-up", Data: []byte("marker")})
	return missingDependencies(chart)
}

func buildError(err error) error {
	return fmt.Errorf("error building helm chart dependencies: %w", err)
}

// localChart loads the chart of a dependency if its version matches.
func localChart(t *tree.Tree, dir string, dependency *chartv2.Dependency) (*chartv2.Chart, error) {
	place, inside := localPlace(dir, dependency)
	if !inside {
		return nil, fmt.Errorf("the lock file names another place for %s than Chart.yaml: %s", dependency.Name, dependency.Repository)
	}
	files, err := readFiles(t, place)
	var notFound *tree.NotFound
	if errors.As(err, &notFound) {
		return nil, fmt.Errorf("directory %s not found", strings.TrimPrefix(dependency.Repository, localScheme))
	}
	if err != nil {
		return nil, err
	}
	child, err := loader.LoadFiles(files)
	if err != nil {
		return nil, err
	}
	constraint, err := semver.NewConstraint(dependency.Version)
	if err != nil {
		return nil, fmt.Errorf("dependency %q has an invalid version/constraint format: %w", dependency.Name, err)
	}
	version, err := semver.NewVersion(child.Metadata.Version)
	if err != nil {
		return nil, err
	}
	if !constraint.Check(version) {
		return nil, fmt.Errorf("can't get a valid version for dependency %s: %s is %s, which is not %s", dependency.Name, place, child.Metadata.Version, dependency.Version)
	}
	return child, nil
}

// checkLock refuses a lock file that was made for other dependencies. It compares Helm's own checksum.
func checkLock(chart *chartv2.Chart) error {
	hint := " with 'helm dependency update'"
	sums := []any{[2][]*chartv2.Dependency{chart.Metadata.Dependencies, chart.Lock.Dependencies}}
	names := [2]string{"Chart.lock", "Chart.yaml"}
	if chart.Metadata.APIVersion == chartv2.APIVersionV1 {
		names, hint = [2]string{"requirements.lock", "requirements.yaml"}, ""
		// Helm 2 computed the checksum from something else.
		sums = append(sums, map[string][]*chartv2.Dependency{"dependencies": chart.Metadata.Dependencies})
	}
	for _, summed := range sums {
		data, err := json.Marshal(summed)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(data)
		if chart.Lock.Digest == "sha256:"+hex.EncodeToString(sum[:]) {
			return nil
		}
	}
	return fmt.Errorf("the lock file (%s) is out of sync with the dependencies file (%s). Please update the dependencies%s", names[0], names[1], hint)
}

// missingDependencies refuses a chart that does not contain all the dependencies that it names.
func missingDependencies(chart *chartv2.Chart) error {
	var missing []error
	for _, wanted := range chart.Metadata.Dependencies {
		found := false
		for _, have := range chart.Dependencies() {
			found = found || have.Name() == wanted.Name
		}
		if !found {
			missing = append(missing, fmt.Errorf("the dependency %s %s of %s (%s)", wanted.Name, wanted.Version, chart.Name(), wanted.Repository))
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return &MissingDependencies{errors.Join(missing...)}
}

// MissingDependencies says that a chart in the tree needs charts from elsewhere.
type MissingDependencies struct{ missing error }

func (e *MissingDependencies) Error() string {
	return e.missing.Error() + " is not in its charts/ directory; commit it there (`helm dependency update`)"
}
