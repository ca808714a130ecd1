package planner

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"

	"github.com/gobwas/glob"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/json"
	kubeyaml "k8s.io/apimachinery/pkg/util/yaml"

	"onebranch.dev/renderer/appset"
	"onebranch.dev/renderer/chart"
	"onebranch.dev/renderer/manifest"
)

var manifestName = regexp.MustCompile(`\.(yaml|yml|json|jsonnet)$`)

// skipMarker is a text that keeps Argo CD from rendering the file that contains it.
const skipMarker = "+argocd:skip-file-rendering"

func (e *Planner) planDirectory(j *job, add func(...string)) error {
	hash, err := j.tree.Hash(path.Clean(j.source.Path))
	if err != nil {
		return fmt.Errorf("%s: app path does not exist: %w", j.source.Path, err)
	}
	d := j.source.Directory
	if d == nil {
		d = &appset.Directory{}
	}
	j.label = "directory " + j.source.Path
	add(hash, fmt.Sprint(d.Recurse, d.DisableExtensionFilter), d.Include, d.Exclude)
	return nil
}

// executeDirectory reads plain manifests, in the order of a directory walk.
func executeDirectory(j *job) (*chart.Output, error) {
	d := j.source.Directory
	if d == nil {
		d = &appset.Directory{}
	}
	files, err := j.tree.Walk(path.Clean(j.source.Path), func(_ string, isDir bool) bool { return isDir && !d.Recurse })
	if err != nil {
		return nil, err
	}
	out := &chart.Output{}
	for _, f := range files {
		wanted, err := selected(d, f.Name)
		if err != nil {
			return nil, err
		}
		if !wanted {
			continue
		}
		data, err := j.tree.Content(f.Entry)
		if err != nil {
			return nil, err
		}
		if bytes.Contains(data, []byte(skipMarker)) {
			continue
		}
		name := path.Join(j.source.Path, f.Name)
		if strings.HasSuffix(f.Name, ".jsonnet") {
			return nil, notEvaluated("%s is Jsonnet", name)
		}
		documents, err := readManifests(name, data)
		if err != nil {
			return nil, err
		}
		out.Documents = append(out.Documents, documents...)
	}
	return out, nil
}

func selected(d *appset.Directory, name string) (bool, error) {
	if !d.DisableExtensionFilter && !manifestName.MatchString(name) {
		return false, nil
	}
	match := func(pattern string) (bool, error) {
		g, err := glob.Compile(pattern)
		if err != nil {
			return false, fmt.Errorf("the pattern %q of a directory source: %w", pattern, err)
		}
		return g.Match(name), nil
	}
	if d.Exclude != "" {
		if hit, err := match(d.Exclude); err != nil || hit {
			return false, err
		}
	}
	if d.Include != "" {
		return match(d.Include)
	}
	return true, nil
}

// readManifests splits one file. A YAML file that cannot be parsed and does not look like a manifest is skipped.
func readManifests(name string, data []byte) ([]chart.Document, error) {
	// Argo CD reads UTF-16 too, which it recognizes by the byte order mark.
	data, _, err := transform.Bytes(unicode.BOMOverride(unicode.UTF8.NewDecoder()), data)
	if err != nil {
		return nil, fmt.Errorf("Failed to read %q: %w", path.Base(name), err)
	}
	if strings.HasSuffix(name, ".json") {
		var object map[string]any
		if err := json.Unmarshal(data, &object); err != nil {
			return nil, fmt.Errorf("Failed to unmarshal %q: %w", path.Base(name), err)
		}
		return []chart.Document{{Source: name, Text: string(data), Object: object}}, nil
	}
	var out []chart.Document
	decoder := kubeyaml.NewYAMLOrJSONDecoder(bytes.NewReader(data), 4096)
	for {
		object, err := nextManifest(decoder)
		switch {
		case errors.Is(err, io.EOF):
			return out, nil
		case err != nil && (len(out) > 0 || looksLikeManifest(data)):
			return nil, fmt.Errorf("Failed to unmarshal %q: %w", path.Base(name), err)
		case err != nil:
			return nil, nil
		case object != nil:
			out = append(out, chart.Document{Source: name, Object: object})
		}
	}
}

// nextManifest reads a document; nil if it is empty or null.
func nextManifest(decoder *kubeyaml.YAMLOrJSONDecoder) (map[string]any, error) {
	var raw runtime.RawExtension
	if err := decoder.Decode(&raw); err != nil {
		return nil, err
	}
	if text := bytes.TrimSpace(raw.Raw); len(text) == 0 || bytes.Equal(text, []byte("null")) {
		return nil, nil
	}
	var object map[string]any
	if err := json.Unmarshal(raw.Raw, &object); err != nil {
		return nil, err
	}
	if manifest.Kind(object) == "" {
		return nil, errors.New("Object 'Kind' is missing")
	}
	return object, nil
}

func looksLikeManifest(data []byte) bool {
	for _, field := range []string{"apiVersion:", "kind:", "metadata:"} {
		if !bytes.Contains(data, []byte(field)) {
			return false
		}
	}
	return true
}
