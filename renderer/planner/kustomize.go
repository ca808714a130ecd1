package planner

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/yaml"

	"onebranch.dev/renderer/appset"
	"onebranch.dev/renderer/chart"
)

// planKustomize uses the whole tree as input, because a kustomization may name anything in it: except a component's own.
func (e *Planner) planKustomize(j *job, add func(...string)) error {
	dir := path.Clean(j.source.Path)
	j.label = "kustomization " + dir
	options, err := json.Marshal(j.source.Kustomize)
	if err != nil {
		return err
	}
	add(dir, string(options))
	if dirs := overlayDirs(j.source); dirs == nil {
		add(j.tree.HashAll())
	} else if err := j.planOverlays(dirs, add); err != nil {
		return err
	}
	if k := j.source.Kustomize; k != nil {
		// No other part of the key contains what the build environment puts into these.
		for _, image := range k.Images {
			add(j.env.expand(image))
		}
		for _, texts := range []map[string]string{k.CommonLabels, k.CommonAnnotations} {
			for _, name := range slices.Sorted(maps.Keys(texts)) {
				add(name, j.env.expand(texts[name]))
			}
		}
	}
	return nil
}

// executeKustomize builds an overlay as `kustomize build` does, after the edits that Argo CD makes for the source's options.
func executeKustomize(j *job) (*chart.Output, error) {
	dir := path.Clean(j.source.Path)
	files := newTreeFiles(j.tree.Tree)
	files.only = overlayDirs(j.source)
	if j.source.Kustomize != nil {
		if err := editKustomization(files, dir, j.source.Kustomize, j.env); err != nil {
			return nil, err
		}
	}
	if err := checkKustomization(files, dir, 0); err != nil {
		return nil, err
	}
	options := krusty.MakeDefaultOptions()
	options.PluginConfig = types.DisabledPluginConfig()
	resources, err := krusty.MakeKustomizer(options).Run(files, "/"+dir)
	if files.missing != nil {
		return nil, files.missing
	}
	if err != nil {
		return nil, fmt.Errorf("kustomize build %s: %w", dir, err)
	}
	out := &chart.Output{}
	for _, r := range resources.Resources() {
		text, err := r.AsYAML()
		if err != nil {
			return nil, err
		}
		data, err := yaml.YAMLToJSON(text)
		if err != nil {
			return nil, err
		}
		var object map[string]any
		if err := json.Unmarshal(data, &object); err != nil {
			return nil, err
		}
		out.Documents = append(out.Documents, chart.Document{Source: dir, Text: string(text), Object: object})
	}
	return out, nil
}

func readKustomization(files *treeFiles, dir string) (string, map[string]any, error) {
	for _, name := range slices.Sorted(maps.Keys(kustomizations)) {
		file := "/" + path.Join(dir, name)
		if !files.Exists(file) {
			continue
		}
		data, err := files.ReadFile(file)
		if err != nil {
			return "", nil, err
		}
		content := map[string]any{}
		if err := yaml.Unmarshal(data, &content); err != nil {
			return "", nil, fmt.Errorf("%s: %w", strings.TrimPrefix(file, "/"), err)
		}
		return file, content, nil
	}
	return "", nil, fmt.Errorf("%s has no kustomization file", dir)
}

// editKustomization makes the changes of Argo CD's `kustomize edit` to a copy of the kustomization.
func editKustomization(files *treeFiles, dir string, k *appset.Kustomize, env *environment) error {
	file, content, err := readKustomization(files, dir)
	if err != nil {
		return err
	}
	set := func(key, value string) {
		if value != "" {
			content[key] = value
		}
	}
	set("namePrefix", k.NamePrefix)
	set("nameSuffix", k.NameSuffix)
	set("namespace", k.Namespace)
	for _, image := range k.Images {
		content["images"] = setNamed(content["images"], parseImage(env.expand(image)))
	}
	for _, r := range k.Replicas {
		content["replicas"] = setNamed(content["replicas"], map[string]any{"name": r.Name, "count": r.Count.IntValue()})
	}
	if err := addLabels(content, k, env); err != nil {
		return err
	}
	annotations := k.CommonAnnotations
	if k.CommonAnnotationsEnvsubst {
		annotations = expandAll(annotations, env)
	}
	if err := addCommon(content, "commonAnnotations", annotations, k.ForceCommonAnnotations); err != nil {
		return err
	}
	for _, patch := range k.Patches {
		value := map[string]any{}
		data, err := json.Marshal(patch)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(data, &value); err != nil {
			return err
		}
		list, _ := content["patches"].([]any)
		content["patches"] = append(list, value)
	}
	for _, component := range k.Components {
		if k.IgnoreMissingComponents && !isComponent(files, path.Join(dir, component)) {
			continue
		}
		list, _ := content["components"].([]any)
		content["components"] = append(list, component)
		if k.IgnoreMissingComponents {
			// Argo CD 3.6 stops at the first one that is there.
			break
		}
	}
	data, err := yaml.Marshal(content)
	if err != nil {
		return err
	}
	return files.WriteFile(file, data)
}

// isComponent reports whether a directory has a kustomization.
func isComponent(files *treeFiles, dir string) bool {
	for name := range kustomizations {
		if file := "/" + path.Join(dir, name); files.Exists(file) && !files.IsDir(file) {
			return true
		}
	}
	return false
}

func expandAll(m map[string]string, env *environment) map[string]string {
	out := make(map[string]string, len(m))
	for key, value := range m {
		out[key] = env.expand(value)
	}
	return out
}

func addLabels(content map[string]any, k *appset.Kustomize, env *environment) error {
	labels := expandAll(k.CommonLabels, env)
	if len(labels) == 0 {
		return nil
	}
	if !k.LabelWithoutSelector {
		return addCommon(content, "commonLabels", labels, k.ForceCommonLabels)
	}
	pairs := map[string]any{}
	for key, value := range labels {
		pairs[key] = value
	}
	list, _ := content["labels"].([]any)
	content["labels"] = append(list, map[string]any{"pairs": pairs, "includeTemplates": k.LabelIncludeTemplates})
	return nil
}

func addCommon(content map[string]any, field string, more map[string]string, force bool) error {
	if len(more) == 0 {
		return nil
	}
	have, _ := content[field].(map[string]any)
	if have == nil {
		have = map[string]any{}
	}
	for key, value := range more {
		if _, taken := have[key]; taken && !force {
			return fmt.Errorf("the kustomization already has %s.%s; allow it with force", field, key)
		}
		have[key] = value
	}
	content[field] = have
	return nil
}

// setNamed replaces the item with a name, or appends it.
func setNamed(value any, item map[string]any) []any {
	list, _ := value.([]any)
	for i, have := range list {
		if m, ok := have.(map[string]any); ok && m["name"] == item["name"] {
			list[i] = item
			return list
		}
	}
	return append(list, item)
}

// parseImage reads `name=new:tag`, `name:tag`, `name@digest` and `name=new@digest`.
func parseImage(text string) map[string]any {
	name, target, renamed := strings.Cut(text, "=")
	if !renamed {
		target = text
	}
	out := map[string]any{}
	image, digest, hasDigest := strings.Cut(target, "@")
	repository, tag := image, ""
	if at := strings.LastIndex(image, ":"); at > strings.LastIndex(image, "/") {
		repository, tag = image[:at], image[at+1:]
	}
	if !renamed {
		name = repository
	} else if repository != "*" && repository != name {
		out["newName"] = repository
	}
	out["name"] = name
	if tag != "" && tag != "*" {
		out["newTag"] = tag
	}
	if hasDigest {
		out["digest"] = digest
	}
	return out
}
