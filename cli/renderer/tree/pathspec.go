package tree

import (
	"fmt"
	"strings"
)

// Glob lists the files that `git ls-files -- SPEC` would list; that is how Argo CD's git file generator finds its files,
// so that `*` also matches slashes. The result is sorted.
func (t *Tree) Glob(spec string) ([]string, error) {
	if strings.HasPrefix(spec, ":") {
		return nil, fmt.Errorf("the path %q uses Git's pathspec magic, which is not evaluated offline", spec)
	}
	t.mu.Lock()
	known, ok := t.globs[spec]
	t.mu.Unlock()
	if ok {
		return known, nil
	}
	pattern := strings.TrimSuffix(strings.TrimPrefix(spec, "./"), "/")
	literal := strings.IndexAny(pattern, "*?[\\")
	prefix := pattern
	if literal >= 0 {
		prefix = pattern[:literal]
	}
	var found []string
	for i := range t.entries {
		name := t.entries[i].Path
		switch {
		case pattern == "" || pattern == ".":
			found = append(found, name)
		case name == pattern || strings.HasPrefix(name, pattern+"/"):
			found = append(found, name)
		case literal >= 0 && strings.HasPrefix(name, prefix) && Match(pattern[literal:], name[literal:]):
			found = append(found, name)
		}
	}
	t.mu.Lock()
	t.globs[spec] = found
	t.mu.Unlock()
	return found, nil
}

// Match is Git's wildmatch without WM_PATHNAME: `*` and `?` match slashes too.
func Match(pattern, name string) bool {
	p, n := 0, 0
	star, resume := -1, 0
	for n < len(name) {
		if p < len(pattern) {
			if pattern[p] == '*' {
				for p < len(pattern) && pattern[p] == '*' {
					p++
				}
				star, resume = p, n
				continue
			}
			if next, ok := matchOne(pattern, p, name[n]); ok {
				p = next
				n++
				continue
			}
		}
		if star < 0 {
			return false
		}
		resume++
		p, n = star, resume
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// matchOne matches one character of the name against the element at p and returns where the next element starts.
func matchOne(pattern string, p int, c byte) (int, bool) {
	switch pattern[p] {
	case '?':
		return p + 1, true
	case '\\':
		if p+1 < len(pattern) {
			return p + 2, pattern[p+1] == c
		}
		return p + 1, false
	case '[':
		return matchClass(pattern, p, c)
	default:
		return p + 1, pattern[p] == c
	}
}

func matchClass(pattern string, p int, c byte) (int, bool) {
	i := p + 1
	negated := i < len(pattern) && (pattern[i] == '!' || pattern[i] == '^')
	if negated {
		i++
	}
	matched := false
	for first := true; i < len(pattern) && (first || pattern[i] != ']'); first = false {
		low := pattern[i]
		if low == '\\' && i+1 < len(pattern) {
			i++
			low = pattern[i]
		}
		high := low
		if i+2 < len(pattern) && pattern[i+1] == '-' && pattern[i+2] != ']' {
			i += 2
			high = pattern[i]
			if high == '\\' && i+1 < len(pattern) {
				i++
				high = pattern[i]
			}
		}
		if low <= c && c <= high {
			matched = true
		}
		i++
	}
	if i >= len(pattern) {
		return i, false // an unclosed class matches nothing
	}
	return i + 1, matched != negated
}
