package planner

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"onebranch.dev/renderer/appset"
	"onebranch.dev/renderer/tree"
)

// patternMarks make a value file a pattern, which stands for the files that it finds.
const patternMarks = "*?["

// hasPatterns reports whether paths alone do not say which value files a source reads.
func hasPatterns(source *appset.Source) bool {
	if source.Helm == nil {
		return false
	}
	return strings.ContainsAny(source.Path, patternMarks) ||
		slices.ContainsFunc(source.Helm.ValueFiles, func(name string) bool { return strings.ContainsAny(name, patternMarks) })
}

// valueFile is a value file of a source, whether it exists or not; or what the source names, and why it is no file.
type valueFile struct {
	name, path string
	fault      error
}

// valueFilesOf returns the value files of a source in the order in which Helm merges them, each once. What a pattern finds comes in
// its place, except files that are named too: these come where they are named.
func valueFilesOf(t *loaded, app *appset.Application, source *appset.Source, env *environment) []valueFile {
	all := make([]valueFile, 0, len(source.Helm.ValueFiles))
	named := map[string]bool{}
	for _, name := range source.Helm.ValueFiles {
		file := valueFile{name: name}
		file.path, file.fault = resolveValueFile(t, app, source, env, name)
		if file.fault == nil && !strings.ContainsAny(file.path, patternMarks) {
			named[file.path] = true
		}
		all = append(all, file)
	}
	out, seen := all[:0:0], map[string]bool{}
	for _, file := range all {
		switch {
		case file.fault != nil:
			out = append(out, file)
		case strings.ContainsAny(file.path, patternMarks):
			for _, found := range expandPattern(t, file) {
				if found.fault != nil || !named[found.path] && !seen[found.path] {
					out = append(out, found)
					seen[found.path] = true
				}
			}
		case !seen[file.path]:
			out = append(out, file)
			seen[file.path] = true
		}
	}
	return out
}

// noMatchError says that a pattern finds no file.
type noMatchError struct{ pattern string }

func (e *noMatchError) Error() string {
	return fmt.Sprintf("values file glob %q matched no files", e.pattern)
}

func expandPattern(t *loaded, file valueFile) []valueFile {
	names, err := doublestar.Glob(checkout{t.Tree}, file.path)
	if err != nil {
		file.fault = fmt.Errorf("error expanding glob pattern %q: %w", file.name, err)
		return []valueFile{file}
	}
	if len(names) == 0 {
		file.fault = &noMatchError{file.name}
		return []valueFile{file}
	}
	out := make([]valueFile, len(names))
	for i, name := range names {
		out[i] = valueFile{name: file.name, path: name}
	}
	return out
}

// checkout shows a tree as the directory that Git makes of it, as far as patterns look at one.
type checkout struct{ *tree.Tree }

func (c checkout) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: errors.ErrUnsupported}
}

func (c checkout) Stat(name string) (fs.FileInfo, error) {
	_, entry, err := c.Resolve(name)
	if err != nil {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrNotExist}
	}
	return tree.FileInfo{Base: path.Base(name), Dir: entry == nil}, nil
}

func (c checkout) ReadDir(name string) ([]fs.DirEntry, error) {
	real, entry, err := c.Resolve(name)
	if err != nil || entry != nil {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
	}
	var out []fs.DirEntry
	for _, child := range c.Children(real) {
		_, entry, err := c.Resolve(path.Join(real, child))
		out = append(out, fs.FileInfoToDirEntry(tree.FileInfo{Base: child, Dir: err == nil && entry == nil}))
	}
	return out, nil
}
