package planner

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/filesys"

	"onebranch.dev/renderer/tree"
)

// treeFiles presents a tree to kustomize as a file system with the root `/`; writes stay in memory.
type treeFiles struct {
	tree    *tree.Tree
	written map[string][]byte
	// only are the directories that may be read; without any it is the whole tree.
	only []string
	// missing is the first content that was not sent.
	missing error
}

func newTreeFiles(t *tree.Tree) *treeFiles {
	return &treeFiles{tree: t, written: map[string][]byte{}}
}

var errReadOnly = errors.New("the tree is not changed")

func clean(name string) string { return strings.TrimPrefix(path.Clean("/"+name), "/") }

func (f *treeFiles) Create(string) (filesys.File, error) { return nil, errReadOnly }
func (f *treeFiles) Mkdir(string) error                  { return errReadOnly }
func (f *treeFiles) MkdirAll(string) error               { return errReadOnly }
func (f *treeFiles) RemoveAll(string) error              { return errReadOnly }
func (f *treeFiles) Open(string) (filesys.File, error)   { return nil, errReadOnly }

// allows reports whether a path may be read. The directories above those that may be are there too.
func (f *treeFiles) allows(name string) bool {
	return len(f.only) == 0 || slices.ContainsFunc(f.only, func(dir string) bool {
		return name == dir || name == "" || strings.HasPrefix(name, dir+"/") || strings.HasPrefix(dir, name+"/")
	})
}

func (f *treeFiles) resolve(name string) (string, *tree.Entry, error) {
	if !f.allows(clean(name)) {
		return "", nil, &tree.NotFound{Path: clean(name)}
	}
	real, entry, err := f.tree.Resolve(clean(name))
	if missing, ok := isMissing(err); ok && f.missing == nil {
		f.missing = missing
	}
	return real, entry, err
}

func (f *treeFiles) IsDir(name string) bool {
	real, entry, err := f.resolve(name)
	return err == nil && entry == nil && (real == "" || len(f.tree.Children(real)) > 0)
}

func (f *treeFiles) Exists(name string) bool {
	_, _, err := f.resolve(name)
	return err == nil
}

func (f *treeFiles) ReadDir(name string) ([]string, error) {
	real, entry, err := f.resolve(name)
	if err != nil || entry != nil {
		return nil, fmt.Errorf("%s is not a directory", name)
	}
	return f.tree.Children(real), nil
}

func (f *treeFiles) CleanedAbs(name string) (filesys.ConfirmedDir, string, error) {
	real, entry, err := f.resolve(name)
	if err != nil {
		return "", "", err
	}
	if entry == nil {
		return filesys.ConfirmedDir("/" + real), "", nil
	}
	return filesys.ConfirmedDir("/" + strings.TrimSuffix(strings.TrimSuffix(real, path.Base(real)), "/")), path.Base(real), nil
}

func (f *treeFiles) Glob(pattern string) ([]string, error) {
	var out []string
	for _, e := range f.tree.Entries() {
		ok, err := path.Match(clean(pattern), e.Path)
		if err != nil {
			return nil, err
		}
		if ok && f.allows(e.Path) {
			out = append(out, "/"+e.Path)
		}
	}
	return out, nil
}

func (f *treeFiles) ReadFile(name string) ([]byte, error) {
	if data, ok := f.written[clean(name)]; ok {
		return data, nil
	}
	if !f.allows(clean(name)) {
		return nil, &tree.NotFound{Path: clean(name)}
	}
	data, err := f.tree.Read(clean(name))
	if missing, ok := isMissing(err); ok && f.missing == nil {
		f.missing = missing
	}
	return data, err
}

func (f *treeFiles) WriteFile(name string, data []byte) error {
	f.written[clean(name)] = data
	return nil
}

func (f *treeFiles) Walk(string, filepath.WalkFunc) error {
	return errReadOnly
}
