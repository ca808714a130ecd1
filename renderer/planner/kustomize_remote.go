package planner

import (
	"fmt"
	"path"
	"strings"

	"sigs.k8s.io/yaml"
)

const maxKustomizations = 50

// checkKustomization refuses everything that kustomize would fetch from elsewhere: all that a kustomization names must be
// in the tree.
func checkKustomization(files *treeFiles, dir string, depth int) error {
	if depth > maxKustomizations {
		return fmt.Errorf("%s: kustomizations are nested more than %d deep", dir, maxKustomizations)
	}
	_, content, err := readKustomization(files, dir)
	if err != nil {
		return err
	}
	if content["helmCharts"] != nil || content["helmChartInflationGenerator"] != nil {
		return unbuilt(files, "the kustomization %s inflates Helm charts", dir)
	}
	if name := remoteReference(files, dir, content); name != "" {
		return unbuilt(files, "the kustomization %s names %s, which is not in the tree", dir, name)
	}
	for _, field := range []string{"resources", "bases", "components", "generators", "transformers", "validators"} {
		for _, name := range textsOf(content[field]) {
			if strings.Contains(name, "\n") {
				continue
			}
			target := path.Join(dir, name)
			switch {
			case files.IsDir("/" + target):
				if err := checkKustomization(files, target, depth+1); err != nil {
					return err
				}
			case !files.Exists("/" + target):
				return unbuilt(files, "the kustomization %s names %s, which "+files.where(), dir, name)
			}
		}
	}
	return nil
}

// unbuilt is what no tree can answer; with overlays it is known that the cluster cannot either.
func unbuilt(files *treeFiles, format string, args ...any) error {
	if files.only != nil {
		return fmt.Errorf(format, args...)
	}
	return notEvaluated(format, args...)
}

// where is where a file is not that a kustomization names.
func (f *treeFiles) where() string {
	if f.only != nil {
		return "is not in the base or the overlays of this component here"
	}
	return "is not in the tree"
}

// remoteReference returns the first reference that kustomize would fetch with HTTP or with Git, into the temporary
// directory.
func remoteReference(files *treeFiles, dir string, content map[string]any) string {
	var names []string
	for _, field := range []string{"resources", "bases", "components", "crds", "configurations", "patchesStrategicMerge"} {
		names = append(names, textsOf(content[field])...)
	}
	for _, field := range []string{"patches", "patchesJson6902", "replacements"} {
		for _, item := range mapsOf(content[field]) {
			names = append(names, textsOf(item["path"])...)
		}
	}
	names = append(names, textsOf(mapOf(content["openapi"])["path"])...)
	for _, field := range []string{"configMapGenerator", "secretGenerator"} {
		for _, item := range mapsOf(content[field]) {
			names = append(names, textsOf(item["env"])...)
			names = append(names, textsOf(item["envs"])...)
			for _, file := range textsOf(item["files"]) {
				_, source, keyed := strings.Cut(file, "=")
				if !keyed {
					source = file
				}
				names = append(names, source)
			}
		}
	}
	// The configuration of kustomize's own plugins is a text or a file of objects; any address in it may be fetched.
	for _, field := range []string{"generators", "transformers", "validators"} {
		for _, name := range textsOf(content[field]) {
			names = append(names, name)
			text := name
			if data, err := files.ReadFile("/" + path.Join(dir, name)); err == nil {
				text = string(data)
			}
			for _, document := range strings.Split(text, "\n---") {
				var settings any
				if err := yaml.Unmarshal([]byte(document), &settings); err == nil {
					names = append(names, addressesIn(settings)...)
				}
			}
		}
	}
	for _, name := range names {
		if !strings.Contains(name, "\n") && isRemote(name) {
			return name
		}
	}
	return ""
}

// isRemote matches everything that kustomize takes for an address or a repository.
func isRemote(name string) bool {
	for _, prefix := range []string{"git@", "git::", "gh:", "github.com/", "github.com:"} {
		if strings.HasPrefix(strings.ToLower(name), prefix) {
			return true
		}
	}
	return strings.Contains(name, "://") || strings.Contains(name, ".git/") || strings.HasSuffix(name, ".git") ||
		strings.Contains(name, "?ref=") || strings.Contains(name, "_git/")
}

func addressesIn(value any) []string {
	var out []string
	switch value := value.(type) {
	case string:
		if _, source, keyed := strings.Cut(value, "="); keyed {
			out = append(out, source)
		}
		out = append(out, value)
	case []any:
		for _, item := range value {
			out = append(out, addressesIn(item)...)
		}
	case map[string]any:
		for _, item := range value {
			out = append(out, addressesIn(item)...)
		}
	}
	return out
}

// textsOf returns a text, or all texts of a list.
func textsOf(value any) []string {
	var out []string
	switch value := value.(type) {
	case string:
		out = append(out, value)
	case []any:
		for _, item := range value {
			if text, ok := item.(string); ok {
				out = append(out, text)
			}
		}
	}
	return out
}

func mapOf(value any) map[string]any {
	m, _ := value.(map[string]any)
	return m
}

func mapsOf(value any) []map[string]any {
	var out []map[string]any
	list, _ := value.([]any)
	for _, item := range list {
		out = append(out, mapOf(item))
	}
	return out
}
