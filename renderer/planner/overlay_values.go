package planner

import (
	"bytes"
	"fmt"
	"path"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"

	yamlv3 "go.yaml.in/yaml/v3"

	"onebranch.dev/renderer/appset"
	"onebranch.dev/renderer/chart"
)

// fieldOf is one field of what Kustomize makes: its path begins with the kind and the name of the object.
type fieldOf struct {
	path  []string
	value any
}

// explainOverlays says which directory sets each field of what Kustomize makes, and the file and line as far as one shows it. It
// builds the base alone, then with one overlay more each time, and last with the image of the pin: a field belongs to the layer
// with which it became what it is.
func (e *Planner) explainOverlays(j *job, answer *ValuesAnswer) error {
	answer.Chart = true
	dirs := overlayDirs(j.source)
	steps := make([]map[string]fieldOf, 0, len(dirs)+1)
	for i := range len(dirs) + 1 {
		options := appset.Kustomize{}
		if j.source.Kustomize != nil {
			options = *j.source.Kustomize
		}
		if i < len(dirs) {
			options.Components, options.Images = options.Components[:i], nil
		}
		step, err := j.fieldsWith(&options)
		if missing, ok := isMissing(err); ok {
			return missing
		}
		if err != nil {
			answer.Reason = err.Error()
			return nil
		}
		steps = append(steps, step)
	}
	t := &fieldTracer{job: j, dirs: dirs, answer: answer, layers: map[string]int{}, documents: map[string][]document{}}
	for _, key := range allKeys(steps) {
		if err := t.trace(key, steps); err != nil {
			return err
		}
	}
	return nil
}

func (j *job) fieldsWith(options *appset.Kustomize) (map[string]fieldOf, error) {
	source := *j.source
	source.Kustomize = options
	part := *j
	part.source = &source
	out, err := executeKustomize(&part)
	if err != nil {
		return nil, err
	}
	fields := map[string]fieldOf{}
	for _, made := range out.Documents {
		metadata, _ := made.Object["metadata"].(map[string]any)
		addFields(fields, []string{fmt.Sprint(made.Object["kind"]) + "/" + fmt.Sprint(metadata["name"])}, made.Object)
	}
	return fields, nil
}

func addFields(to map[string]fieldOf, at []string, value any) {
	switch value := value.(type) {
	case map[string]any:
		for name, item := range value {
			addFields(to, append(slices.Clone(at), name), item)
		}
	case []any:
		for i, item := range value {
			addFields(to, append(slices.Clone(at), itemName(item, i)), item)
		}
	default:
		to[strings.Join(at, "\x00")] = fieldOf{at, value}
	}
}

// itemName is what an item of a list is found by, also where another list has it in another place.
func itemName(item any, index int) string {
	if m, ok := item.(map[string]any); ok {
		if name, ok := m["name"].(string); ok {
			return name
		}
	}
	return strconv.Itoa(index)
}

func allKeys(steps []map[string]fieldOf) []string {
	found := map[string]bool{}
	for _, step := range steps {
		for key := range step {
			found[key] = true
		}
	}
	return sorted(found)
}

type document struct {
	file string
	node *yamlv3.Node
}

type fieldTracer struct {
	job       *job
	dirs      []string
	answer    *ValuesAnswer
	layers    map[string]int
	documents map[string][]document
}

// trace finds the steps with which a field changed, the last one first.
func (t *fieldTracer) trace(key string, steps []map[string]fieldOf) error {
	var origins []chart.Origin
	var at []string
	for i := len(steps) - 1; i >= 0; i-- {
		field, is := steps[i][key]
		before, was := fieldOf{}, false
		if i > 0 {
			before, was = steps[i-1][key]
		}
		if is == was && reflect.DeepEqual(field.value, before.value) {
			continue
		}
		at = before.path
		if is {
			at = field.path
		}
		origin, err := t.place(i, at)
		if err != nil {
			return err
		}
		origin.Value = field.value
		origins = append(origins, origin)
	}
	explained := chart.Explained{Path: at, Origin: origins[0], Overrides: slices.Clone(origins[1:])}
	if explained.Overrides == nil {
		explained.Overrides = []chart.Origin{}
	}
	if _, is := steps[len(steps)-1][key]; is {
		t.answer.Values = append(t.answer.Values, explained)
	} else {
		t.answer.Removed = append(t.answer.Removed, explained)
	}
	return nil
}

// place is the file and line at which a step sets a field. After the overlays comes the image.
func (t *fieldTracer) place(step int, at []string) (chart.Origin, error) {
	if step == len(t.dirs) {
		return chart.Origin{Layer: t.layer("image", ""), Line: 1}, nil
	}
	dir := t.dirs[step]
	documents, err := t.documentsIn(dir)
	if err != nil {
		return chart.Origin{}, err
	}
	kind, name, _ := strings.Cut(at[0], "/")
	best, line := "", 0
	for _, d := range documents {
		if d.node == nil || scalarAt(d.node, "kind") != kind {
			continue
		}
		found := lineOf(d.node, at[1:])
		// A prefix of the name is written elsewhere.
		if exact := scalarAt(d.node, "metadata", "name") == name; found > 0 && (best == "" || exact) {
			best, line = d.file, found
		}
	}
	if best == "" {
		best, line = t.mentioned(documents, dir, at[len(at)-1])
	}
	return chart.Origin{Layer: t.layer("file", best), Line: line}, nil
}

// mentioned is the first line of a kustomization that has the name of a field, such as that of a patch inside it; otherwise the
// first line.
func (t *fieldTracer) mentioned(documents []document, dir, name string) (string, int) {
	root := path.Join(dir, "kustomization.yaml")
	for _, d := range documents {
		if kustomizations[path.Base(d.file)] {
			if path.Dir(d.file) == dir {
				root = d.file
			}
			data, err := t.job.tree.Read(d.file)
			if err != nil {
				continue
			}
			for i, text := range strings.Split(string(data), "\n") {
				if strings.Contains(text, name) {
					return d.file, i + 1
				}
			}
		}
	}
	return root, 1
}

func (t *fieldTracer) layer(kind, file string) int {
	if known, ok := t.layers[kind+file]; ok {
		return known
	}
	t.layers[kind+file] = len(t.answer.Layers)
	t.answer.Layers = append(t.answer.Layers, chart.Layer{Kind: kind, File: file})
	return t.layers[kind+file]
}

// documentsIn are the YAML documents of a directory, its kustomizations among them.
func (t *fieldTracer) documentsIn(dir string) ([]document, error) {
	if known, ok := t.documents[dir]; ok {
		return known, nil
	}
	files, err := t.job.tree.Walk(dir, nil)
	if err != nil {
		return nil, err
	}
	sort.Slice(files, func(a, b int) bool { return files[a].Name < files[b].Name })
	found := []document{}
	for _, file := range files {
		data, err := t.job.tree.Content(file.Entry)
		if err != nil {
			return nil, err
		}
		name := path.Join(dir, file.Name)
		decoder := yamlv3.NewDecoder(bytes.NewReader(data))
		if kustomizations[path.Base(name)] {
			found = append(found, document{file: name})
		}
		for {
			var node yamlv3.Node
			if decoder.Decode(&node) != nil {
				break
			}
			if len(node.Content) > 0 {
				found = append(found, document{name, node.Content[0]})
			}
		}
	}
	t.documents[dir] = found
	return found, nil
}

func scalarAt(node *yamlv3.Node, path ...string) string {
	for _, name := range path {
		if _, node = child(node, name, 0); node == nil {
			return ""
		}
	}
	return node.Value
}

// lineOf is the line of the key at a path; 0 where the document does not have it.
func lineOf(node *yamlv3.Node, path []string) int {
	line := 0
	for _, name := range path {
		key, value := child(node, name, 0)
		if value == nil {
			return 0
		}
		line, node = key.Line, value
	}
	return line
}

// child is the key and the value of a name in a mapping, or of an item of a list by its own name or its place.
func child(node *yamlv3.Node, name string, depth int) (*yamlv3.Node, *yamlv3.Node) {
	if node.Kind == yamlv3.AliasNode && depth < 10 {
		return child(node.Alias, name, depth+1)
	}
	switch node.Kind {
	case yamlv3.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == name {
				return node.Content[i], node.Content[i+1]
			}
		}
	case yamlv3.SequenceNode:
		for i, item := range node.Content {
			if item.Kind == yamlv3.MappingNode && scalarAt(item, "name") == name || strconv.Itoa(i) == name {
				return item, item
			}
		}
	}
	return nil, nil
}
