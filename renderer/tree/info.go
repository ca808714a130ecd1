package tree

import (
	"io/fs"
	"time"
)

// FileInfo is what libraries that ask for an fs.FileInfo need to know of a tree's files and directories.
type FileInfo struct {
	Base string
	Dir  bool
}

func (f FileInfo) Name() string       { return f.Base }
func (f FileInfo) Size() int64        { return 0 }
func (f FileInfo) ModTime() time.Time { return time.Time{} }
func (f FileInfo) IsDir() bool        { return f.Dir }
func (f FileInfo) Sys() any           { return nil }
func (f FileInfo) Mode() fs.FileMode {
	if f.Dir {
		return fs.ModeDir
	}
	return 0
}
