package appset

import (
	"maps"
	"path"
	"slices"
	"sync"

	"onebranch.dev/renderer/tree"
)

// Reads records which paths generators looked for, so that changes elsewhere can be ignored.
type Reads struct {
	mu          sync.Mutex
	patterns    map[string]bool
	directories bool
}

func (r *Reads) pattern(spec string) {
	if r == nil {
		return
	}
	r.mu.Lock()
	if r.patterns == nil {
		r.patterns = map[string]bool{}
	}
	r.patterns[spec] = true
	r.mu.Unlock()
}

func (r *Reads) anyDirectory() {
	if r != nil {
		r.mu.Lock()
		r.directories = true
		r.mu.Unlock()
	}
}

// Patterns returns the recorded patterns, sorted. It returns false when generators looked for directories: no pattern
// describes those.
func (r *Reads) Patterns() ([]string, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Sorted(maps.Keys(r.patterns)), !r.directories
}

// Any reports whether a generator looked for one of the paths, or for directories, which any path may create.
func (r *Reads) Any(paths map[string]string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.directories && len(paths) > 0 {
		return true
	}
	for spec := range r.patterns {
		if Meets(spec, paths) {
			return true
		}
	}
	return false
}

// Meets reports whether a git file generator's pattern finds one of the paths, or a directory that one of them creates: a
// pattern that finds a directory is an error.
func Meets(spec string, paths map[string]string) bool {
	for name := range paths {
		for ; name != "."; name = path.Dir(name) {
			if tree.Match(spec, name) {
				return true
			}
		}
	}
	return false
}
