package tree

import (
	"fmt"
	"path"
	"sort"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// Glob lists what the pattern of a git file generator finds: files, and also directories, which Argo CD then cannot read.
// It follows Argo CD's new globbing, which this project's settings turn on: a `*` does not match slashes, `**` does. The
// result is sorted.
func (t *Tree) Glob(spec string) ([]string, error) {
	t.mu.Lock()
	known, ok := t.globs[spec]
	t.mu.Unlock()
	if ok {
		return known, nil
	}
	pattern, inside := cleanPattern(spec)
	if !doublestar.ValidatePattern(pattern) {
		return nil, fmt.Errorf("the pattern %q: %w", spec, doublestar.ErrBadPattern)
	}
	literal := strings.IndexAny(pattern, `*?[{\`)
	prefix := pattern
	if literal >= 0 {
		prefix = pattern[:strings.LastIndex(pattern[:literal], "/")+1]
	}
	var found []string
	look := func(name string) {
		if name == pattern || literal >= 0 && strings.HasPrefix(name+"/", prefix) && doublestar.MatchUnvalidated(pattern, name) {
			found = append(found, name)
		}
	}
	if inside {
		for i := range t.entries {
			look(t.entries[i].Path)
		}
		for directory := range t.children {
			if directory == "" {
				directory = "."
			}
			look(directory)
		}
	}
	sort.Strings(found)
	t.mu.Lock()
	t.globs[spec] = found
	t.mu.Unlock()
	return found, nil
}

// IsDirectory reports whether a name that Glob found is a directory.
func (t *Tree) IsDirectory(name string) bool {
	_, is := t.children[name]
	return is || name == "."
}

// Match reports whether a pattern of a git file generator finds a path.
func Match(spec, name string) bool {
	pattern, inside := cleanPattern(spec)
	return inside && doublestar.MatchUnvalidated(pattern, name)
}

// cleanPattern joins a pattern to the repository's root as Argo CD does, and returns it relative to the root; false when
// it leads out of the repository.
func cleanPattern(spec string) (string, bool) {
	const root = "/repository"
	joined := path.Join(root, spec)
	if joined == root {
		return ".", true
	}
	return strings.TrimPrefix(joined, root+"/"), strings.HasPrefix(joined, root+"/")
}
