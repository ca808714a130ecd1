package tree

import (
	"fmt"
	"path"
	"strings"
)

// Resolve finds what is at a path. It returns the clean path, and the entry when it is a file; a nil entry and no error
// means a directory, which a submodule is too. The error is a *NotFound, or says that the path leads out of the tree.
func (t *Tree) Resolve(name string) (string, *Entry, error) {
	real := ""
	parts := strings.Split(path.Clean(name), "/")
	for i, part := range parts {
		switch part {
		case "", ".":
			continue
		case "..":
			return "", nil, fmt.Errorf("%s leads out of the repository", name)
		}
		next := join(real, part)
		e, ok := t.byPath[next]
		switch {
		case ok && e.Mode == ModeSubmodule:
		case ok && i < len(parts)-1:
			return "", nil, &NotFound{Path: name}
		case ok:
			return next, e, nil
		case t.children[next] == nil:
			return "", nil, &NotFound{name, t.Submodule(real)}
		}
		real = next
	}
	return real, nil, nil
}
