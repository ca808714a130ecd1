package tree

import (
	"errors"
	"path"
	"slices"
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

func TestResolve_FollowsLinksInsideTheTreeOnly(t *testing.T) {
	tree := treeOf(
		Entry{"real/file", ModeFile, "content"}, Entry{"dir", ModeSymlink, "real"}, Entry{"up", ModeSymlink, "../secret"},
		Entry{"root", ModeSymlink, "/etc/passwd"}, Entry{"loop", ModeSymlink, "loop"}, Entry{"real/back", ModeSymlink, "../real/file"},
	)
	for path, want := range map[string]string{"dir/file": "content", "real/back": "content", "./real/../dir/file": "content"} {
		if data, err := tree.Read(path); err != nil || string(data) != want {
			t.Errorf("Read(%q) should be %q, is %q (%v)", path, want, data, err)
		}
	}
	for _, path := range []string{"up", "root", "../x"} {
		var outside *OutsideError
		if _, _, err := tree.Resolve(path); !errors.As(err, &outside) {
			t.Errorf("Resolve(%q) should lead outside, is %v", path, err)
		}
	}
	if _, _, err := tree.Resolve("loop"); err == nil || !strings.Contains(err.Error(), "leads back to itself") {
		t.Errorf("a loop should be named, is %v", err)
	}
}

// As in Argo CD's own test of CheckOutOfBoundsSymlinks: the target is judged as text, whether it exists or not.
func TestFaults_AreTheLinksThatArgoCDRefuses(t *testing.T) {
	for target, refused := range map[string]bool{
		"real": false, "../real": false, "../missing": false, "./a/../../real": false, "link/../..": false, ".": false, "..": false,
		"/etc/passwd": true, "/": true, "../..": true, "../../real": true, "a/../../../docs": true, "../../repository/docs/x": true,
	} {
		tree := treeOf(Entry{"docs/link", ModeSymlink, target}, Entry{"gitops/a", ModeFile, "a"})
		faults, err := tree.Faults()
		if err != nil || len(faults) == 1 != refused {
			t.Errorf("a link to %q should be refused: %v, is %v (%v)", target, refused, faults, err)
		}
	}
}

func TestFaults_NeedTheTargetOfEveryLink(t *testing.T) {
	tree := New("", []Entry{{"docs/a", ModeSymlink, "1"}, {"docs/b", ModeSymlink, "2"}, {"docs/c", ModeFile, "3"}}, NewBlobs())
	_, err := tree.Faults()
	var absent *MissingBlob
	if !errors.As(err, &absent) || absent.OID != "1" || !slices.Equal(absent.More, []string{"2"}) {
		t.Errorf("the targets 1 and 2 should be asked for, is %+v", err)
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
