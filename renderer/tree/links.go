package tree

import (
	"fmt"
	"path"
	"strings"
)

// maxLinks bounds a chain of symbolic links; a longer chain counts as a loop.
const maxLinks = 40

// OutsideError says that a path leads out of the tree.
type OutsideError struct{ Path, Target string }

func (e *OutsideError) Error() string {
	return fmt.Sprintf("%s is a symbolic link that leads out of the repository (%s); Argo CD refuses such a repository", e.Path, e.Target)
}

// Resolve follows symbolic links in every part of a path. It returns the real path, and the entry when it is a file;
// a nil entry and no error means a directory, which a submodule is too. The error is a *NotFound, an *OutsideError or a loop.
func (t *Tree) Resolve(name string) (string, *Entry, error) {
	real, links := "", 0
	rest := strings.Split(path.Clean(name), "/")
	for len(rest) > 0 {
		part := rest[0]
		rest = rest[1:]
		switch part {
		case "", ".":
			continue
		case "..":
			if real == "" {
				return "", nil, &OutsideError{name, name}
			}
			real = parent(real)
			continue
		}
		next := join(real, part)
		e, ok := t.byPath[next]
		if !ok {
			if _, dir := t.children[next]; !dir {
				return "", nil, &NotFound{name, t.Submodule(real)}
			}
			real = next
			continue
		}
		if e.Mode == ModeSubmodule {
			real = next
			continue
		}
		if e.Mode != ModeSymlink {
			if len(rest) > 0 {
				return "", nil, &NotFound{Path: name}
			}
			return next, e, nil
		}
		if links++; links > maxLinks {
			return "", nil, fmt.Errorf("%s is a symbolic link that leads back to itself", name)
		}
		target, ok := t.blobs.Get(e.OID)
		if !ok {
			return "", nil, &MissingBlob{OID: e.OID, Path: e.Path}
		}
		if strings.HasPrefix(string(target), "/") {
			return "", nil, &OutsideError{e.Path, string(target)}
		}
		rest = append(strings.Split(string(target), "/"), rest...)
		if outside(real, rest) {
			return "", nil, &OutsideError{e.Path, string(target)}
		}
	}
	return real, nil, nil
}

// outside reports whether walking the parts from a directory leaves the root, without following links.
func outside(dir string, parts []string) bool {
	depth := 0
	if dir != "" {
		depth = strings.Count(dir, "/") + 1
	}
	for _, part := range parts {
		switch part {
		case "", ".":
		case "..":
			if depth--; depth < 0 {
				return true
			}
		default:
			depth++
		}
	}
	return false
}

// Faults lists the links anywhere in the repository that leave it: Argo CD renders nothing from a repository that contains
// one. Like Argo CD, it looks at each target as text (util/app/path, CheckOutOfBoundsSymlinks). The error is a MissingBlob.
func (t *Tree) Faults() ([]*OutsideError, error) { return t.faults() }

func (t *Tree) findFaults() ([]*OutsideError, error) {
	var faults []*OutsideError
	var absent *MissingBlob
	for _, e := range t.entries {
		if e.Mode != ModeSymlink {
			continue
		}
		data, known := t.blobs.Get(e.OID)
		target := string(data)
		switch {
		case !known && absent == nil:
			absent = &MissingBlob{OID: e.OID, Path: e.Path}
		case !known:
			absent.More = append(absent.More, e.OID)
		case strings.HasPrefix(target, "/"), outside(parent(e.Path), strings.Split(target, "/")):
			faults = append(faults, &OutsideError{e.Path, target})
		}
	}
	if absent != nil {
		return nil, absent
	}
	return faults, nil
}
