package appset

import (
	"path"
	"sync"

	"onebranch.dev/renderer/tree"
)

// Reads remembers which paths generators looked for, so that a change elsewhere is known not to matter.
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

// Any tells whether a generator looked for one of the paths, or for directories, which any path may make.
func (r *Reads) Any(paths map[string]string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.directories && len(paths) > 0 {
		return true
	}
	for spec := range r.patterns {
		for name := range paths {
			// A pattern that finds a directory is an error, so the directories count that a path may make.
			for ; name != "."; name = path.Dir(name) {
				if tree.Match(spec, name) {
					return true
				}
			}
		}
	}
	return false
}
