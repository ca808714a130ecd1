// Package cache keeps renders on disk, for the next run and for those that run at the same time.
//
// Writing and finding ten thousand renders in a file each would cost more than rendering them again. So each run writes
// its renders into one file with a unique name, and reads the files of all other runs.
package cache

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

const keySize = 16

// Key identifies an entry: a hash of everything that the entry depends on.
type Key [keySize]byte

// Part is a piece of an entry that other entries may share; equal ids have equal data.
type Part struct {
	ID   string
	Data func() []byte
}

// DefaultBound is how many bytes are kept: enough for a few dozen plans of a fleet of a hundred clusters of which no two
// are alike.
const DefaultBound = 512 << 20

var errTooLarge = errors.New("an entry is too large to be kept")

// Store keeps entries whose parts are decoded as a T. Every disk error counts as a miss, or as an entry that is not kept.
type Store[T any] struct {
	dir, version string
	bound        int64
	read         func(data []byte) (T, error)

	opened   sync.Once
	segments []*segment
	used     []atomic.Bool

	sharing sync.Mutex
	shared  map[partKey]T
	bytes   int

	writing sync.Mutex
	writer  *writer
	written map[Key]bool
	// full says that nothing more is kept, because there is no space or no permission to write.
	full bool

	hits atomic.Int64
}

type partKey struct {
	segment *segment
	offset  int64
}

// maxShared bounds how many decoded parts are kept in memory.
const maxShared = 16 << 20

// New returns the store for a version below a directory. The directory is read only when the first entry is looked up.
func New[T any](dir, version string, bound int64, read func(data []byte) (T, error)) *Store[T] {
	return &Store[T]{dir: dir, version: version, bound: bound, read: read, shared: map[partKey]T{}, written: map[Key]bool{}}
}

func (s *Store[T]) folder() string { return filepath.Join(s.dir, s.version) }

func (s *Store[T]) open() {
	for _, file := range listSegments(s.folder()) {
		if opened, err := openSegment(file.name); err == nil {
			s.segments = append(s.segments, opened)
		} else if errors.Is(err, errDamaged) {
			os.Remove(file.name)
		}
	}
	s.used = make([]atomic.Bool, len(s.segments))
}

// Get returns the facts and parts of an entry. Equal parts of several entries often share one T.
func (s *Store[T]) Get(key Key) (facts []byte, parts []T, found bool) {
	s.opened.Do(s.open)
	for i, segment := range s.segments {
		p, ok := segment.find(key)
		if !ok {
			continue
		}
		if facts, parts, err := s.entry(segment, p); err == nil {
			if !s.used[i].Swap(true) {
				touch(segment)
			}
			s.hits.Add(1)
			return facts, parts, true
		}
	}
	return nil, nil, false
}

// Hits counts the entries that were found.
func (s *Store[T]) Hits() int { return int(s.hits.Load()) }

func (s *Store[T]) entry(from *segment, p place) ([]byte, []T, error) {
	places, facts, err := from.entry(p)
	if err != nil {
		return nil, nil, err
	}
	parts := make([]T, len(places))
	for i, p := range places {
		if parts[i], err = s.part(from, p); err != nil {
			return nil, nil, err
		}
	}
	return facts, parts, nil
}

func (s *Store[T]) part(from *segment, p place) (T, error) {
	key := partKey{from, p.offset}
	s.sharing.Lock()
	known, ok := s.shared[key]
	s.sharing.Unlock()
	if ok {
		return known, nil
	}
	data, err := from.read(p)
	if err != nil {
		return known, err
	}
	part, err := s.read(data)
	if err != nil {
		return known, err
	}
	s.sharing.Lock()
	defer s.sharing.Unlock()
	if known, ok := s.shared[key]; ok {
		return known, nil
	}
	if s.bytes += len(data); s.bytes > maxShared {
		s.shared, s.bytes = map[partKey]T{}, len(data)
	}
	s.shared[key] = part
	return part, nil
}

// Put keeps an entry for later runs; Flush makes it visible to them.
func (s *Store[T]) Put(key Key, facts []byte, parts []Part) {
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.full || s.written[key] {
		return
	}
	s.written[key] = true
	if s.writer == nil {
		if s.writer = s.begin(); s.writer == nil {
			s.full = true
			return
		}
	}
	// One run must not push out everything that other runs left.
	if s.writer.at > s.bound/2 {
		s.full = true
		return
	}
	if err := s.writer.add(key, facts, parts); err != nil && !errors.Is(err, errTooLarge) {
		s.writer.discard()
		s.writer, s.full = nil, true
	}
}

func (s *Store[T]) begin() *writer {
	// What charts make may be secret: other users must not be able to read it.
	if err := os.MkdirAll(s.folder(), 0o700); err != nil {
		return nil
	}
	w, err := newWriter(s.folder())
	if err != nil {
		return nil
	}
	return w
}

// Flush makes the new entries visible to other runs, and keeps the store within its bound.
func (s *Store[T]) Flush() {
	s.writing.Lock()
	defer s.writing.Unlock()
	w := s.writer
	s.writer = nil
	if w == nil {
		return
	}
	if err := w.finish(); err != nil {
		w.discard()
		s.full = true
		return
	}
	if err := os.Rename(w.file.Name(), segmentName(s.folder(), w.file.Name())); err != nil {
		w.discard()
		return
	}
	s.tidy(time.Now())
}
