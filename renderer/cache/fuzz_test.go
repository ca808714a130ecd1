package cache

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// soundSegment is the file of a run that kept three entries, with some parts shared.
func soundSegment(f *testing.F) []byte {
	f.Helper()
	dir := f.TempDir()
	s := open(dir)
	s.Put(keyOf(1), []byte("one"), partsOf("a", "shared"))
	s.Put(keyOf(2), []byte("two"), partsOf("shared", "b", ""))
	s.Put(keyOf(3), nil, nil)
	s.Flush()
	names, err := filepath.Glob(filepath.Join(dir, "*", "*"+suffix))
	if err != nil || len(names) != 1 {
		f.Fatalf("should be one file, are %q (%v)", names, err)
	}
	data, err := os.ReadFile(names[0])
	if err != nil {
		f.Fatal(err)
	}
	return data
}

// A damaged file gives what was kept or nothing, never something else. When it is merged, its entries are kept or lost in
// the same way.
func FuzzDamagedSegment(f *testing.F) {
	sound := soundSegment(f)
	f.Add(0, []byte{}, 0)
	f.Add(len(sound)-footerSize, []byte{255, 255, 255, 255, 255, 255, 255, 127}, 0)
	f.Add(len(sound)-footerSize+8, []byte{255, 255, 255, 255, 255, 255, 255, 255}, 0)
	f.Add(4, []byte{0}, 3)
	f.Add(0, slices.Repeat([]byte{0}, 40), 0)
	want := map[int][]string{1: {"one", "a", "shared"}, 2: {"two", "shared", "b", ""}, 3: {""}}
	f.Fuzz(func(t *testing.T, at int, bytes []byte, cut int) {
		data := slices.Clone(sound)
		if at >= 0 && at < len(data) {
			copy(data[at:], bytes)
		} else {
			data = bytes
		}
		data = data[:len(data)-min(max(cut, 0), len(data))]
		check := func(s *Store[string]) {
			for n, texts := range want {
				facts, parts, found := s.Get(keyOf(n))
				if found && !slices.Equal(append([]string{string(facts)}, parts...), texts) {
					t.Errorf("entry %d should be %q or missing, is %q %q", n, texts, facts, parts)
				}
			}
		}
		dir := t.TempDir()
		if err := os.MkdirAll(filepath.Join(dir, "v1"), 0o700); err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(dir, "v1", "1"+suffix)
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if merged, err := mergeInto(filepath.Join(dir, "v1"), []file{{name: name}}); err != nil || merged.size == 0 {
			t.Errorf("what is whole should be copied: %v", err)
		}
		check(open(dir))
	})
}

func FuzzSegment(f *testing.F) {
	f.Add(soundSegment(f))
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		name := filepath.Join(dir, "a")
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := openSegment(name)
		if err != nil {
			return
		}
		defer s.file.Close()
		for i := range s.keys() {
			p, _ := s.find(s.key(i))
			places, _, err := s.entry(p)
			if err != nil {
				continue
			}
			for _, p := range places {
				if part, err := s.read(p); err == nil && uint32(len(part)) != p.length {
					t.Errorf("%d bytes should be read, are %d", p.length, len(part))
				}
			}
		}
	})
}
