package cache

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func text(data []byte) (string, error) { return string(data), nil }

func open(dir string) *Store[string] { return New(dir, "v1", 1<<20, text) }

func keyOf(n int) (k Key) {
	copy(k[:], fmt.Sprintf("%016d", n))
	return k
}

func partsOf(texts ...string) []Part {
	out := make([]Part, len(texts))
	for i, text := range texts {
		out[i] = Part{ID: text, Data: func() []byte { return []byte(text) }}
	}
	return out
}

// put writes one entry as a separate run does.
func put(dir string, n int, facts string, parts ...string) {
	s := open(dir)
	s.Put(keyOf(n), []byte(facts), partsOf(parts...))
	s.Flush()
}

func segmentsOf(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*", "*"+suffix))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func wantEntry(t *testing.T, dir string, n int, facts string, parts ...string) {
	t.Helper()
	gotFacts, gotParts, found := open(dir).Get(keyOf(n))
	if !found || string(gotFacts) != facts || !slices.Equal(gotParts, parts) {
		t.Errorf("entry %d should be %q %q, is %q %q (found: %v)", n, facts, parts, gotFacts, gotParts, found)
	}
}

func wantMiss(t *testing.T, dir string, n int) {
	t.Helper()
	if _, _, found := open(dir).Get(keyOf(n)); found {
		t.Errorf("entry %d should be missing", n)
	}
}

func TestAnEntryIsReadByTheNextRun(t *testing.T) {
	dir := t.TempDir()
	s := open(dir)
	for n := range 100 {
		s.Put(keyOf(n), []byte(fmt.Sprint("facts ", n)), partsOf("shared", fmt.Sprint("own ", n)))
	}
	s.Put(keyOf(100), nil, nil)
	if _, _, found := open(dir).Get(keyOf(7)); found {
		t.Error("an entry should not be there before the run says so")
	}
	s.Flush()
	for n := range 100 {
		wantEntry(t, dir, n, fmt.Sprint("facts ", n), "shared", fmt.Sprint("own ", n))
	}
	wantEntry(t, dir, 100, "")
	wantMiss(t, dir, 101)
	data, err := os.ReadFile(segmentsOf(t, dir)[0])
	if err != nil {
		t.Fatal(err)
	}
	if count := bytes.Count(data, []byte("shared")); count != 1 {
		t.Errorf("a part that 100 entries share should be written once, is written %d times", count)
	}
}

func TestAPartIsReadOnce(t *testing.T) {
	dir := t.TempDir()
	s := open(dir)
	s.Put(keyOf(1), nil, partsOf("shared", "one"))
	s.Put(keyOf(2), nil, partsOf("shared", "two"))
	s.Flush()
	reads := map[string]int{}
	again := New(dir, "v1", 1<<20, func(data []byte) (string, error) {
		reads[string(data)]++
		return string(data), nil
	})
	again.Get(keyOf(1))
	again.Get(keyOf(2))
	if reads["shared"] != 1 || again.Hits() != 2 {
		t.Errorf("the shared part should be read once for 2 hits, is read %d times for %d", reads["shared"], again.Hits())
	}
}

func TestAnotherVersionReadsNothing(t *testing.T) {
	dir := t.TempDir()
	put(dir, 1, "", "a")
	if _, _, found := New(dir, "v2", 1<<20, text).Get(keyOf(1)); found {
		t.Error("a renderer should not read what another one made")
	}
}

func TestDamageIsAMiss(t *testing.T) {
	whole := t.TempDir()
	s := open(whole)
	s.Put(keyOf(1), []byte("facts one"), partsOf("part one"))
	s.Put(keyOf(2), []byte("facts two"), partsOf("part two"))
	s.Flush()
	data, err := os.ReadFile(segmentsOf(t, whole)[0])
	if err != nil {
		t.Fatal(err)
	}
	damaged := func(change func(data []byte) []byte) string {
		dir := t.TempDir()
		name := filepath.Join(dir, "v1", "1"+suffix)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, change(bytes.Clone(data)), 0o600); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	for _, place := range []string{"facts one", "part one"} {
		dir := damaged(func(data []byte) []byte {
			data[bytes.Index(data, []byte(place))] ^= 1
			return data
		})
		wantMiss(t, dir, 1)
		wantEntry(t, dir, 2, "facts two", "part two")
	}
	// Whichever byte or length is damaged: never a wrong answer, and never a crash.
	for at := range data {
		for _, dir := range []string{
			damaged(func(data []byte) []byte { data[at] ^= 0x55; return data }),
			damaged(func(data []byte) []byte { return data[:at] }),
		} {
			for n, want := range map[int]string{1: "one", 2: "two"} {
				facts, parts, found := open(dir).Get(keyOf(n))
				if found && (string(facts) != "facts "+want || !slices.Equal(parts, []string{"part " + want})) {
					t.Fatalf("damage at byte %d should be a miss, is %q %q", at, facts, parts)
				}
			}
		}
	}
}

func TestADamagedFileIsRemovedAndReplaced(t *testing.T) {
	dir := t.TempDir()
	put(dir, 1, "", "a")
	name := segmentsOf(t, dir)[0]
	if err := os.Truncate(name, 20); err != nil {
		t.Fatal(err)
	}
	wantMiss(t, dir, 1)
	if len(segmentsOf(t, dir)) != 0 {
		t.Error("an unreadable file should be gone")
	}
	put(dir, 1, "", "a")
	wantEntry(t, dir, 1, "", "a")
}

func TestWhatCannotBeUnderstoodIsAMiss(t *testing.T) {
	dir := t.TempDir()
	put(dir, 1, "", "a")
	s := New(dir, "v1", 1<<20, func([]byte) (string, error) { return "", errors.New("no") })
	if _, _, found := s.Get(keyOf(1)); found {
		t.Error("a part that cannot be read should make the entry a miss")
	}
}

func TestOnlyTheOwnerReads(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "renders")
	put(dir, 1, "", "a")
	for name, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, "v1"): 0o700, segmentsOf(t, dir)[0]: 0o600} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s should have mode %o, has %o", name, want, info.Mode().Perm())
		}
	}
}

func TestWithoutAPlaceNothingIsKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	// A path below a file fails for every user; a directory without write permission fails only for users other than
	// root.
	readOnly := t.TempDir()
	put(readOnly, 1, "", "a")
	if err := os.Chmod(filepath.Join(readOnly, "v1"), 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(filepath.Join(readOnly, "v1"), 0o700) })
	for _, dir := range []string{filepath.Join(file, "below"), readOnly} {
		put(dir, 2, "", "b")
	}
	wantMiss(t, filepath.Join(file, "below"), 2)
	wantEntry(t, readOnly, 1, "", "a")
}

func TestAFullDiskKeepsNothing(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("this system has no /dev/full, which is a disk without room")
	}
	defer full.Close()
	dir := t.TempDir()
	s := open(dir)
	s.Put(keyOf(1), nil, partsOf("a"))
	name := s.writer.file.Name()
	s.writer.file.Close()
	s.writer.file = full
	s.writer.out.Reset(full)
	s.Put(keyOf(2), nil, partsOf(strings.Repeat("b", 1<<19)))
	s.Put(keyOf(3), nil, partsOf("c"))
	s.Flush()
	if !s.full || len(segmentsOf(t, dir)) != 0 {
		t.Errorf("nothing should be kept on a full disk (%s)", name)
	}
}

// TestManyProcesses runs this test's program several times at once; each writes and reads the same keys.
func TestManyProcesses(t *testing.T) {
	const keys, rounds = 40, 12
	dir := os.Getenv("ONEBRANCH_TEST_CACHE")
	if dir != "" {
		for round := range rounds {
			s := open(dir)
			for n := range keys {
				facts, parts, found := s.Get(keyOf(n))
				if found && (string(facts) != fmt.Sprint("facts ", n) || !slices.Equal(parts, []string{"shared", fmt.Sprint("own ", n)})) {
					t.Fatalf("round %d: entry %d is %q %q", round, n, facts, parts)
				}
				s.Put(keyOf(n), []byte(fmt.Sprint("facts ", n)), partsOf("shared", fmt.Sprint("own ", n)))
			}
			s.Flush()
		}
		return
	}
	dir = t.TempDir()
	var runs []*exec.Cmd
	for range 6 {
		run := exec.Command(os.Args[0], "-test.run", "^TestManyProcesses$")
		run.Env = append(os.Environ(), "ONEBRANCH_TEST_CACHE="+dir)
		var said bytes.Buffer
		run.Stdout, run.Stderr = &said, &said
		if err := run.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if t.Failed() {
				t.Log(said.String())
			}
		})
		runs = append(runs, run)
	}
	for _, run := range runs {
		if err := run.Wait(); err != nil {
			t.Error(err)
		}
	}
	for n := range keys {
		wantEntry(t, dir, n, fmt.Sprint("facts ", n), "shared", fmt.Sprint("own ", n))
	}
	left, _ := filepath.Glob(filepath.Join(dir, "v1", temporaryPattern))
	if len(left) != 0 || len(segmentsOf(t, dir)) > 2*maxSegments {
		t.Errorf("%d files should be few, and %q should be gone", len(segmentsOf(t, dir)), left)
	}
}

func TestManySmallFilesBecomeOne(t *testing.T) {
	dir := t.TempDir()
	const runs = 3 * maxSegments
	for n := range runs {
		put(dir, n, fmt.Sprint("facts ", n), "shared")
	}
	if count := len(segmentsOf(t, dir)); count > maxSegments {
		t.Errorf("there should be at most %d files, are %d", maxSegments, count)
	}
	for n := range runs {
		wantEntry(t, dir, n, fmt.Sprint("facts ", n), "shared")
	}
}

// age makes a file look as if it was last used some time ago.
func age(t *testing.T, name string, by time.Duration) {
	t.Helper()
	then := time.Now().Add(-by)
	if err := os.Chtimes(name, then, then); err != nil {
		t.Fatal(err)
	}
}

func TestTheLeastRecentlyUsedGoes(t *testing.T) {
	dir := t.TempDir()
	large := strings.Repeat("x", 300<<10)
	for n := range 3 {
		put(dir, n, "", fmt.Sprint(n, large))
		for _, name := range segmentsOf(t, dir) {
			if info, err := os.Stat(name); err == nil && time.Since(info.ModTime()) < time.Minute {
				age(t, name, time.Duration(10-n)*time.Hour)
			}
		}
	}
	// The oldest file is used again, so the second oldest has to be deleted.
	wantEntry(t, dir, 0, "", "0"+large)
	put(dir, 3, "", "3"+large)
	wantMiss(t, dir, 1)
	for _, n := range []int{0, 2, 3} {
		wantEntry(t, dir, n, "", fmt.Sprint(n, large))
	}
}

func TestOneRunDoesNotPushOutEverything(t *testing.T) {
	dir := t.TempDir()
	put(dir, 1000, "", "of another run")
	s := open(dir)
	for n := range 100 {
		s.Put(keyOf(n), nil, partsOf(fmt.Sprint(n, strings.Repeat("x", 100<<10))))
	}
	s.Flush()
	wantEntry(t, dir, 1000, "", "of another run")
	total := int64(0)
	for _, name := range segmentsOf(t, dir) {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		total += info.Size()
	}
	if total > 1<<20 || total < 1<<18 {
		t.Errorf("a good part of at most 1 MiB should be kept, are %d bytes", total)
	}
}

func TestOldThingsGo(t *testing.T) {
	dir := t.TempDir()
	put(dir, 1, "", "forgotten")
	age(t, segmentsOf(t, dir)[0], forgottenAfter+time.Hour)
	older := New(dir, "v0", 1<<20, text)
	older.Put(keyOf(1), nil, partsOf("of an older renderer"))
	older.Flush()
	age(t, filepath.Join(dir, "v0"), 0)
	for _, name := range segmentsOf(t, dir) {
		age(t, name, forgottenAfter+time.Hour)
	}
	killed := filepath.Join(dir, "v1", ".tmp-1")
	running := filepath.Join(dir, "v1", ".tmp-2")
	for _, name := range []string{killed, running} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	age(t, killed, abandonedAfter+time.Minute)
	put(dir, 2, "", "new")
	put(dir, 3, "", "new")
	if left := segmentsOf(t, dir); len(left) != 2 {
		t.Errorf("only the two new files should be left, are %q", left)
	}
	if _, err := os.Stat(filepath.Join(dir, "v0")); !os.IsNotExist(err) {
		t.Error("the directory of an older renderer should be gone")
	}
	if _, err := os.Stat(killed); !os.IsNotExist(err) {
		t.Error("the file of a killed run should be gone")
	}
	if _, err := os.Stat(running); err != nil {
		t.Error("the file of a running one should be there")
	}
}
