package cache

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	temporaryPattern = ".tmp-*"
	temporaryPrefix  = ".tmp-"
	suffix           = ".renders"

	// maxSegments bounds the files that a run has to open.
	maxSegments = 32
	// maxMerged bounds how many bytes are copied to reduce the number of files.
	maxMerged = 64 << 20

	// A file is marked as used at most once in this time.
	touchAfter = time.Hour
	// A killed run leaves its temporary file behind; no run takes this long.
	abandonedAfter = 2 * time.Hour
	// A file that no run has used for this time is deleted, even if there is space for it.
	forgottenAfter = 30 * 24 * time.Hour
)

// file is a segment as the directory shows it.
type file struct {
	name string
	size int64
	used time.Time
}

func segmentName(dir, temporary string) string {
	return filepath.Join(dir, strings.TrimPrefix(filepath.Base(temporary), temporaryPrefix)+suffix)
}

// listSegments returns the segments of one version, the most recently used first.
func listSegments(dir string) []file {
	var out []file
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || !info.Mode().IsRegular() || !strings.HasSuffix(entry.Name(), suffix) {
			continue
		}
		out = append(out, file{filepath.Join(dir, entry.Name()), info.Size(), info.ModTime()})
	}
	slices.SortFunc(out, newestFirst)
	return out
}

func newestFirst(a, b file) int {
	if order := b.used.Compare(a.used); order != 0 {
		return order
	}
	return strings.Compare(a.name, b.name)
}

// touch marks a segment as used now.
func touch(s *segment) {
	info, err := s.file.Stat()
	if now := time.Now(); err == nil && now.Sub(info.ModTime()) > touchAfter {
		_ = os.Chtimes(s.name, now, now)
	}
}

// tidy keeps the number and the size of the files within their bounds. It runs only after something was written, so a run
// that found everything does not pay for it.
func (s *Store[T]) tidy(now time.Time) {
	versions, err := os.ReadDir(s.dir)
	if err != nil {
		return
	}
	var all []file
	for _, version := range versions {
		dir := filepath.Join(s.dir, version.Name())
		removeAbandoned(dir, now)
		segments := listSegments(dir)
		if version.Name() == s.version {
			segments = merge(dir, segments)
		}
		all = append(all, segments...)
		if len(segments) == 0 && version.Name() != s.version {
			// This removes only empty directories.
			_ = os.Remove(dir)
		}
	}
	slices.SortFunc(all, newestFirst)
	total := int64(0)
	for _, file := range all {
		total += file.size
		if total > s.bound || now.Sub(file.used) > forgottenAfter {
			_ = os.Remove(file.name)
			total -= file.size
		}
	}
}

func removeAbandoned(dir string, now time.Time) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), temporaryPrefix) {
			continue
		}
		if info, err := entry.Info(); err == nil && now.Sub(info.ModTime()) > abandonedAfter {
			_ = os.Remove(filepath.Join(dir, entry.Name()))
		}
	}
}

// merge copies the smallest segments into one when there are too many. Processes that still read the old ones have them
// open.
func merge(dir string, segments []file) []file {
	if len(segments) <= maxSegments {
		return segments
	}
	bySize := slices.Clone(segments)
	slices.SortFunc(bySize, func(a, b file) int { return int(a.size - b.size) })
	var chosen []file
	total := int64(0)
	for _, file := range bySize {
		if total += file.size; len(chosen) > len(segments)-maxSegments/2 || total > maxMerged && len(chosen) > 1 {
			break
		}
		chosen = append(chosen, file)
	}
	if len(chosen) < 2 {
		return segments
	}
	slices.SortFunc(chosen, newestFirst)
	merged, err := mergeInto(dir, chosen)
	if err != nil {
		return segments
	}
	out := slices.DeleteFunc(segments, func(f file) bool { return slices.Contains(chosen, f) })
	for _, file := range chosen {
		_ = os.Remove(file.name)
	}
	return append(out, merged)
}

func mergeInto(dir string, chosen []file) (out file, err error) {
	w, err := newWriter(dir)
	if err != nil {
		return file{}, err
	}
	defer func() {
		if err != nil {
			w.discard()
		}
	}()
	for _, from := range chosen {
		if err := copySegment(w, from.name); err != nil {
			return file{}, err
		}
	}
	if err := w.finish(); err != nil {
		return file{}, err
	}
	name := segmentName(dir, w.file.Name())
	// The copy gets the time of its most recently used source: copying does not count as use.
	used := chosen[0].used
	if err := os.Chtimes(w.file.Name(), used, used); err != nil {
		return file{}, err
	}
	return file{name, w.at, used}, os.Rename(w.file.Name(), name)
}

// copySegment adds the intact entries of a segment. Damaged ones are lost, as they would be for readers.
func copySegment(w *writer, name string) error {
	from, err := openSegment(name)
	if err != nil {
		return nil
	}
	defer from.file.Close()
	for i := range from.keys() {
		key := from.key(i)
		p, _ := from.find(key)
		places, facts, err := from.entry(p)
		if err != nil {
			continue
		}
		parts := make([]Part, len(places))
		for j, p := range places {
			data, err := from.read(p)
			if err != nil {
				parts = nil
				break
			}
			parts[j] = Part{ID: string(data), Data: func() []byte { return data }}
		}
		if parts == nil {
			continue
		}
		if err := w.add(key, facts, parts); err != nil && !errors.Is(err, errTooLarge) {
			return err
		}
	}
	return nil
}
