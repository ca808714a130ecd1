package tree

import (
	"path"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		name, pattern, path string
		want                bool
	}{
		{"a star is one part of a path", "a/*/pin.yaml", "a/b/pin.yaml", true},
		{"a star does not match slashes", "a/*/pin.yaml", "a/b/c/pin.yaml", false},
		{"two stars match slashes", "a/**/pin.yaml", "a/b/c/pin.yaml", true},
		{"two stars match nothing", "a/**/pin.yaml", "a/pin.yaml", true},
		{"a star matches hidden files", "a/*", "a/.b", true},
		{"alternatives", "a/{b,c}/x", "a/c/x", true},
		{"a class", "[ab]x", "bx", true},
		{"an escaped star is an ordinary character", `a\*b`, "axb", false},
		{"the whole name must match", "a", "ab", false},
		{"a pattern is joined to the repository", "./a/../b//c/", "b/c", true},
		{"a pattern leads out of the repository", "../b", "b", false},
		{"many stars end in time", strings.Repeat("*a", 40), strings.Repeat("a", 39) + "b", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Match(c.pattern, c.path); got != c.want {
				t.Errorf("Match(%q, %q) should be %v, is %v", c.pattern, c.path, c.want, got)
			}
		})
	}
}

func treeOf(entries ...Entry) *Tree {
	blobs := NewBlobs()
	for i := range entries {
		blobs.Put(entries[i].OID, []byte(entries[i].OID))
	}
	return New("", entries, blobs)
}

func TestGlob_FindsFilesAndDirectories(t *testing.T) {
	tree := treeOf(Entry{"a/b/x.yaml", ModeFile, "1"}, Entry{"a/c.yaml", ModeFile, "2"}, Entry{"ab", ModeFile, "3"})
	for spec, want := range map[string]string{
		"a": "a", "a/": "a", "a/*.yaml": "a/c.yaml", "a/**/*.yaml": "a/b/x.yaml a/c.yaml", "a/*": "a/b a/c.yaml", "./ab": "ab", ".": ".", "none": "", "../a": "",
	} {
		found, err := tree.Glob(spec)
		if err != nil || strings.Join(found, " ") != want {
			t.Errorf("Glob(%q) should be %q, is %q (%v)", spec, want, found, err)
		}
	}
	if _, err := tree.Glob("a/[b"); err == nil {
		t.Error("an unclosed class should be an error")
	}
}

func TestNew_LeavesOutWhatArgoCDWouldLayOverASource(t *testing.T) {
	tree := treeOf(
		Entry{"c/.argocd-source.yaml", ModeFile, "1"}, Entry{"c/.argocd-source-orders.yaml", ModeFile, "2"},
		Entry{"c/argocd-source.yaml", ModeFile, "3"}, Entry{"c/.argocd-source.yaml.md", ModeFile, "4"},
	)
	if got := strings.Join(tree.Children("c"), " "); got != ".argocd-source.yaml.md argocd-source.yaml" {
		t.Errorf("is %q", got)
	}
}

func TestRead_ALinkIsAFileWithTheTextOfItsTarget(t *testing.T) {
	blobs := NewBlobs()
	entries := []Entry{{"real/file", ModeFile, "1"}, {"dir", ModeSymlink, "2"}, {"out", ModeSymlink, "3"}}
	for oid, content := range map[string]string{"1": "content", "2": "real", "3": "/etc/passwd"} {
		blobs.Put(oid, []byte(content))
	}
	tree := New("", entries, blobs)
	for path, want := range map[string]string{"real/file": "content", "./real/../dir": "real", "out": "/etc/passwd", "/out": "/etc/passwd"} {
		if data, err := tree.Read(path); err != nil || string(data) != want {
			t.Errorf("Read(%q) should be %q, is %q (%v)", path, want, data, err)
		}
	}
	for path, want := range map[string]string{"dir/file": "dir/file does not exist", "../x": "../x leads out of the repository"} {
		if _, _, err := tree.Resolve(path); err == nil || err.Error() != want {
			t.Errorf("Resolve(%q) should say %q, is %v", path, want, err)
		}
	}
	if entries[1].Mode != ModeSymlink {
		t.Error("the caller's entries should stay as they are")
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("a*[b-c]?", "axxcd")
	f.Add(`\`, `\`)
	f.Add("[]a]", "]")
	f.Fuzz(func(t *testing.T, pattern, name string) {
		found := Match(pattern, name)
		// Argo CD's library treats all bytes that are not UTF-8 as one character; YAML cannot hold them.
		isPlain := utf8.ValidString(pattern) && utf8.ValidString(name) && !strings.ContainsAny(pattern, `*?[{\`)
		isClean := strings.TrimPrefix(path.Clean("/"+pattern), "/") == pattern && pattern != ""
		if isPlain && isClean && found != (pattern == name) {
			t.Errorf("a plain pattern %q should match itself only, not %q", pattern, name)
		}
	})
}
