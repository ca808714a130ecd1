package tree

import (
	"slices"
	"strings"
	"testing"
)

// A listing may hold anything: one name as both a file and a directory, files below a link.
func FuzzTree(f *testing.F) {
	for _, listing := range []string{
		"100644 a/b\n120000 link a\n120000 a/up ../a", "120000 a b\n120000 b a", "120000 a ../..", "120000 a /etc", "100644 a\n100644 a/b", "160000 module\n100644 module/x",
		"100644 \n100644 //\n100644 ..\n100644 ./a", "120000 a a/a", "120000 d/d .", "100644 a\n100644 a", "120000 x link/../../y\n120000 link d\n100644 d/f", "100755 .hidden/a\n40000 a",
	} {
		f.Add(listing, "a/**")
	}
	f.Fuzz(func(t *testing.T, listing, pattern string) {
		blobs := NewBlobs()
		var entries []Entry
		for line := range strings.Lines(listing) {
			parts := strings.SplitN(strings.TrimSuffix(line, "\n"), " ", 3)
			if len(parts) < 2 {
				continue
			}
			entry := Entry{Path: parts[1], Mode: parts[0], OID: line}
			if len(parts) == 3 {
				blobs.Put(line, []byte(parts[2]))
			}
			entries = append(entries, entry)
		}
		tree := New("", entries, blobs)
		if again := New("", slices.Clone(entries), blobs); tree.HashAll() != again.HashAll() {
			t.Errorf("%q should have the same hash each time", listing)
		}
		for _, entry := range tree.Entries() {
			real, found, err := tree.Resolve(entry.Path)
			switch {
			case err != nil:
				if strings.TrimSpace(err.Error()) == "" {
					t.Errorf("%q: an error should say something", entry.Path)
				}
			case found != nil && found.Mode == ModeSymlink:
				t.Errorf("%q: %q should be a file", listing, entry.Path)
			case strings.HasPrefix(real, "../") || strings.HasPrefix(real, "/"):
				t.Errorf("%q: %q should be inside the tree, is at %q", listing, entry.Path, real)
			}
		}
		files, err := tree.Walk("", nil)
		if err == nil {
			for _, file := range files {
				if file.Entry == nil || file.Entry.Mode == ModeSymlink {
					t.Errorf("%q: %q should be a file", listing, file.Name)
				}
			}
		}
		tree.Directories()
		if found, err := tree.Glob(pattern); err == nil {
			for _, name := range found {
				if !Match(pattern, name) {
					t.Errorf("%q: %q should match %q", listing, name, pattern)
				}
			}
		}
	})
}
