package appset

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"sigs.k8s.io/yaml"

	"onebranch.dev/renderer/tree"
)

// Inputs is what generators may read: one tree and the cluster Secrets of one Argo CD.
type Inputs struct {
	Tree *tree.Tree
	// RepoURL and Revision name what the tree represents; a git generator for anything else cannot be evaluated.
	RepoURL, Revision string
	Clusters          []Cluster
	// Files caches parsed parameter files, for all clusters of one tree.
	Files *FileCache
	// Reads, unless it is nil, records what generators looked for.
	Reads *Reads
	// Time is how long one ApplicationSet may take; 0 means no limit.
	Time time.Duration
}

// git evaluates a git files or git directories generator.
func (g *generator) git(spec map[string]any) ([]set, error) {
	if url := text(spec["repoURL"]); url != g.source.RepoURL {
		return nil, &NotEvaluated{fmt.Sprintf("a git generator reads another repository (%s)", url)}
	}
	if revision := text(spec["revision"]); revision != g.source.Revision && !(revision == "" && g.source.Revision == "HEAD") {
		return nil, &NotEvaluated{fmt.Sprintf("a git generator reads the revision %q, not %q", revision, g.source.Revision)}
	}
	directories, _ := spec["directories"].([]any)
	files, _ := spec["files"].([]any)
	switch {
	case len(directories) > 0:
		return g.gitDirectories(spec, directories)
	case len(files) > 0:
		return g.gitFiles(spec, files)
	default:
		return nil, errors.New("ApplicationSet is empty")
	}
}

func (g *generator) gitFiles(spec map[string]any, patterns []any) ([]set, error) {
	found := map[string]bool{}
	for _, excluding := range []bool{false, true} {
		for _, item := range patterns {
			pattern, _ := item.(map[string]any)
			if exclude, _ := pattern["exclude"].(bool); exclude != excluding {
				continue
			}
			g.source.Reads.pattern(text(pattern["path"]))
			names, err := g.source.Tree.Glob(text(pattern["path"]))
			if err != nil {
				return nil, fmt.Errorf("error generating params from git: error retrieving Git files: %w", err)
			}
			for _, name := range names {
				if g.source.Tree.IsDirectory(name) {
					return nil, fmt.Errorf("error generating params from git: error retrieving Git files: unable to read files: the pattern %s finds %s: is a directory", text(pattern["path"]), name)
				}
				if excluding {
					delete(found, name)
				} else {
					found[name] = true
				}
			}
		}
	}
	prefix := text(spec["pathParamPrefix"])
	var out []set
	for _, name := range sortedKeys(found) {
		objects, err := g.source.Files.parse(g.source.Tree, name)
		if err != nil {
			return nil, fmt.Errorf("error generating params from git: unable to process file '%s': %w", name, err)
		}
		for _, object := range objects {
			params := make(map[string]any, len(object)+1)
			if g.goTemplate {
				for key, value := range object {
					params[key] = value
				}
			} else {
				for key, value := range flatten(object) {
					params[key] = value
				}
			}
			g.addPath(params, prefix, path.Dir(name), path.Base(name))
			if err := g.addValues(spec, params); err != nil {
				return nil, fmt.Errorf("error generating params from git: unable to process file '%s': %w", name, err)
			}
			out = append(out, set{params, []string{name}})
		}
	}
	return out, nil
}

func (g *generator) gitDirectories(spec map[string]any, patterns []any) ([]set, error) {
	var out []set
	for _, dir := range g.directories(patterns) {
		included, excluded := false, false
		for _, item := range patterns {
			pattern, _ := item.(map[string]any)
			match, err := path.Match(text(pattern["path"]), dir)
			if err != nil || !match {
				continue
			}
			if exclude, _ := pattern["exclude"].(bool); exclude {
				excluded = true
			} else {
				included = true
			}
		}
		if !included || excluded {
			continue
		}
		params := map[string]any{}
		g.addPath(params, text(spec["pathParamPrefix"]), dir, "")
		if err := g.addValues(spec, params); err != nil {
			return nil, fmt.Errorf("error generating params from git: error generating params from apps: %w", err)
		}
		out = append(out, set{params: params})
	}
	return out, nil
}

// directories are those that patterns may include, in the order of a walk, and records what was looked for.
func (g *generator) directories(patterns []any) []string {
	found := map[string]bool{}
	for _, item := range patterns {
		pattern, _ := item.(map[string]any)
		spec := text(pattern["path"])
		names, err := g.source.Tree.Glob(spec)
		if err != nil || !isPlainPattern(spec) {
			g.source.Reads.anyDirectory()
			return g.source.Tree.Directories()
		}
		g.source.Reads.pattern(spec)
		if exclude, _ := pattern["exclude"].(bool); exclude {
			continue
		}
		for _, name := range names {
			if g.source.Tree.IsDirectory(name) && !isHidden(name) {
				found[name] = true
			}
		}
	}
	// A walk goes into a directory before it goes on to one with a longer name, such as `a/b` before `a-c`.
	return slices.SortedFunc(maps.Keys(found), func(a, b string) int {
		return slices.Compare(strings.Split(a, "/"), strings.Split(b, "/"))
	})
}

// isPlainPattern reports whether a pattern means the same to a generator of files and to one of directories.
func isPlainPattern(spec string) bool {
	return spec == path.Clean(spec) && spec != "." && !strings.HasPrefix(spec, "/") && !strings.HasPrefix(spec, "..") && !strings.Contains(spec, "**") && !strings.ContainsAny(spec, `?[]{}\\`)
}

func isHidden(dir string) bool {
	return strings.HasPrefix(dir, ".") || strings.Contains(dir, "/.")
}

// addPath adds the parameters that describe a directory and, unless it is empty, a file in it.
func (g *generator) addPath(params map[string]any, prefix, dir, file string) {
	base := path.Base(dir)
	segments := strings.Split(dir, "/")
	if g.goTemplate {
		described := map[string]any{
			"path":               dir,
			"basename":           base,
			"basenameNormalized": sanitizeName(base),
			"segments":           segments,
		}
		if file != "" {
			described["filename"] = file
			described["filenameNormalized"] = sanitizeName(file)
		}
		if prefix != "" {
			params[prefix] = map[string]any{"path": described}
		} else {
			params["path"] = described
		}
		return
	}
	name := "path"
	if prefix != "" {
		name = prefix + ".path"
	}
	params[name] = dir
	params[name+".basename"] = base
	params[name+".basenameNormalized"] = sanitizeName(base)
	if file != "" {
		params[name+".filename"] = file
		params[name+".filenameNormalized"] = sanitizeName(file)
	}
	for i, segment := range segments {
		if segment != "" {
			params[name+"["+strconv.Itoa(i)+"]"] = segment
		}
	}
}

// addValues adds a generator's own `values`. Each is templated with the parameters found so far, but not with the other
// values.
func (g *generator) addValues(spec, params map[string]any) error {
	values, _ := spec["values"].(map[string]any)
	filled := map[string]string{}
	for _, key := range sortedKeys(values) {
		value, err := g.replace(fmt.Sprint(values[key]), params)
		if err != nil {
			return fmt.Errorf("failed to append templated values: failed to replace templated string: %w", err)
		}
		filled[key] = value
	}
	if len(filled) == 0 {
		return nil
	}
	if g.goTemplate {
		params["values"] = filled
		return nil
	}
	for key, value := range filled {
		params["values."+key] = value
	}
	return nil
}

// FileCache parses each parameter file once.
type FileCache struct {
	byOID map[string]parsedFile
	lock  chan struct{}
}

type parsedFile struct {
	objects []map[string]any
	err     error
}

// NewFileCache returns an empty cache.
func NewFileCache() *FileCache {
	return &FileCache{byOID: map[string]parsedFile{}, lock: make(chan struct{}, 1)}
}

func (c *FileCache) parse(t *tree.Tree, name string) ([]map[string]any, error) {
	_, entry, err := t.Resolve(name)
	if err != nil {
		return nil, err
	}
	if entry == nil {
		return nil, fmt.Errorf("%s is a directory", name)
	}
	c.lock <- struct{}{}
	defer func() { <-c.lock }()
	if known, ok := c.byOID[entry.OID]; ok {
		return known.objects, known.err
	}
	data, err := t.Content(entry)
	if err != nil {
		return nil, err
	}
	objects, err := parseParameters(data)
	c.byOID[entry.OID] = parsedFile{objects, err}
	return objects, err
}

// parseParameters reads one map, or a list of maps.
func parseParameters(data []byte) ([]map[string]any, error) {
	single := map[string]any{}
	if err := yaml.Unmarshal(data, &single); err == nil {
		return []map[string]any{single}, nil
	}
	var list []map[string]any
	if err := yaml.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("unable to parse file: %w", err)
	}
	return list, nil
}
