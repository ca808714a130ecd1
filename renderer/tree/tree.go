// Package tree holds the files of one Git tree (a commit or a working tree) as object ids, and the content of each id
// once.
package tree

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"
	"sync"
)

// Git's modes, as `git ls-tree` prints them. Of a tree's entries none is a link: Argo CD's Git writes a link as a file
// with the text of its target, which is also how Git stores it.
const (
	ModeFile       = "100644"
	ModeExecutable = "100755"
	ModeSymlink    = "120000"
	ModeSubmodule  = "160000"
)

// Entry is one file of a tree.
type Entry struct {
	Path string
	Mode string
	OID  string
}

// Blobs keeps file contents by object id, so that equal files of several trees are held once.
type Blobs struct {
	mu   sync.RWMutex
	data map[string][]byte
}

// NewBlobs returns an empty store.
func NewBlobs() *Blobs { return &Blobs{data: map[string][]byte{}} }

// Put stores a content under its object id.
func (b *Blobs) Put(oid string, data []byte) {
	b.mu.Lock()
	b.data[oid] = data
	b.mu.Unlock()
}

// Get returns the content of an object id.
func (b *Blobs) Get(oid string) ([]byte, bool) {
	b.mu.RLock()
	data, ok := b.data[oid]
	b.mu.RUnlock()
	return data, ok
}

// MissingBlob says that a file is in the tree but its content was not sent. The client sends it and repeats the request.
type MissingBlob struct {
	OID, Path string
	// More lists other missing contents that the same request needs.
	More []string
}

func (e *MissingBlob) Error() string { return "the content of " + e.Path + " was not sent" }

// Tree is immutable after New and safe for concurrent use.
type Tree struct {
	Revision string
	entries  []Entry
	byPath   map[string]*Entry
	children map[string][]string
	blobs    *Blobs

	all func() string

	mu     sync.Mutex
	hashes map[string]string
	globs  map[string][]string
}

// New builds a tree from the entries of `git ls-tree -r`, in any order. Paths that Git itself would not check out, such as
// `a//b` or `../a`, are left out, and so is what a hook removes in Argo CD's checkouts.
func New(revision string, entries []Entry, blobs *Blobs) *Tree {
	t := &Tree{
		Revision: revision,
		entries:  slices.DeleteFunc(slices.Clone(entries), isLeftOut),
		byPath:   make(map[string]*Entry, len(entries)),
		children: map[string][]string{},
		blobs:    blobs,
		hashes:   map[string]string{},
		globs:    map[string][]string{},
	}
	sort.Slice(t.entries, func(i, j int) bool { return t.entries[i].Path < t.entries[j].Path })
	for i := range t.entries {
		e := &t.entries[i]
		if e.Mode == ModeSymlink {
			e.Mode = ModeFile
		}
		t.byPath[e.Path] = e
		for child := e.Path; ; {
			dir, name := path.Split(child)
			dir = strings.TrimSuffix(dir, "/")
			_, known := t.children[dir]
			if known && slices.Contains(t.children[dir][max(0, len(t.children[dir])-1):], name) {
				break
			}
			t.children[dir] = append(t.children[dir], name)
			if dir == "" || known {
				break
			}
			child = dir
		}
	}
	t.all = sync.OnceValue(t.hashAll)
	for dir := range t.children {
		sort.Strings(t.children[dir])
		t.children[dir] = slices.Compact(t.children[dir])
	}
	return t
}

func isLeftOut(e Entry) bool {
	name := path.Base(e.Path)
	isOverride := strings.HasPrefix(name, ".argocd-source") && strings.HasSuffix(name, ".yaml")
	return isOverride || !fs.ValidPath(e.Path) || e.Path == "."
}

// Entries returns every file, sorted by path.
func (t *Tree) Entries() []Entry { return t.entries }

// Children returns the sorted names in a directory; the root is "".
func (t *Tree) Children(dir string) []string { return t.children[dir] }

// NotFound is the error for a path at which there is nothing. Submodule is the submodule that it would be in.
type NotFound struct {
	Path      string
	Submodule *SubmoduleError
}

func (e *NotFound) Error() string {
	if e.Submodule != nil {
		return e.Path + " does not exist: " + e.Submodule.Error()
	}
	return e.Path + " does not exist"
}

// SubmoduleError says that the files of a directory are in another repository.
type SubmoduleError struct{ Path string }

func (e *SubmoduleError) Error() string {
	return e.Path + " is a Git submodule, which is an empty directory to Argo CD: it does not fetch submodules here"
}

// Submodule returns an error if a path is a submodule.
func (t *Tree) Submodule(name string) *SubmoduleError {
	if e := t.byPath[name]; e == nil || e.Mode != ModeSubmodule {
		return nil
	}
	return &SubmoduleError{name}
}

// Read returns the content of a file.
func (t *Tree) Read(name string) ([]byte, error) {
	_, e, err := t.Resolve(name)
	if err != nil {
		return nil, err
	}
	if e == nil {
		return nil, fmt.Errorf("%s is a directory, not a file", name)
	}
	return t.Content(e)
}

// Content returns the bytes of an entry.
func (t *Tree) Content(e *Entry) ([]byte, error) {
	data, ok := t.blobs.Get(e.OID)
	if !ok {
		return nil, &MissingBlob{OID: e.OID, Path: e.Path}
	}
	return data, nil
}

// File is a file found by Walk: its path relative to the walked directory, and its entry.
type File struct {
	Name  string
	Entry *Entry
}

// Walk lists the files under a directory, in the order of a walk over sorted directories. skip can leave out a file, or a whole
// directory (which it gets with a trailing slash).
func (t *Tree) Walk(dir string, skip func(name string, isDir bool) bool) ([]File, error) {
	var files []File
	var walk func(real, prefix string)
	walk = func(real, prefix string) {
		for _, name := range t.children[real] {
			reached, full := join(prefix, name), join(real, name)
			e := t.byPath[full]
			isDir := e == nil || e.Mode == ModeSubmodule
			switch {
			case skip != nil && skip(reached, isDir):
			case isDir:
				walk(full, reached)
			default:
				files = append(files, File{reached, e})
			}
		}
	}
	real, e, err := t.Resolve(dir)
	if err != nil {
		return nil, err
	}
	if e != nil {
		return nil, fmt.Errorf("%s is a file, not a directory", dir)
	}
	walk(real, "")
	return files, nil
}

// Hash identifies everything under a directory: equal hashes mean equal files, names and modes.
func (t *Tree) Hash(dir string) (string, error) {
	t.mu.Lock()
	known, ok := t.hashes[dir]
	t.mu.Unlock()
	if ok {
		return known, nil
	}
	files, err := t.Walk(dir, nil)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, f := range files {
		fmt.Fprintf(h, "%s\x00%s\x00", f.Name, f.Entry.OID)
	}
	sum := hex.EncodeToString(h.Sum(nil))
	t.mu.Lock()
	t.hashes[dir] = sum
	t.mu.Unlock()
	return sum, nil
}

// HashAll identifies the whole tree.
func (t *Tree) HashAll() string { return t.all() }

func (t *Tree) hashAll() string {
	h := sha256.New()
	for _, e := range t.entries {
		fmt.Fprintf(h, "%s\x00%s\x00%s\x00", e.Path, e.Mode, e.OID)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func join(dir, name string) string {
	if dir == "" {
		return name
	}
	return dir + "/" + name
}

func parent(name string) string {
	dir, _ := path.Split(name)
	return strings.TrimSuffix(dir, "/")
}

// Directories lists every directory in the order of a walk, without hidden directories and everything below them.
func (t *Tree) Directories() []string {
	var dirs []string
	var walk func(dir string)
	walk = func(dir string) {
		for _, name := range t.children[dir] {
			full := join(dir, name)
			if _, isDir := t.children[full]; isDir && !strings.HasPrefix(name, ".") {
				dirs = append(dirs, full)
				walk(full)
			}
		}
	}
	walk("")
	return dirs
}
