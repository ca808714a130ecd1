package cache

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"slices"
)

// A segment is a file that is written once. It starts with the parts, each stored once even if several entries have it.
// Then come the entries, a table of keys sorted for binary search, and a footer of fixed length that says where the table
// is. Checksums cover the table, each entry and each part, so that damage is found where it is read and nothing else has
// to be checked.
//
//	magic · part … · entry … · key 16, offset 8, length 4, checksum 4 … · table offset 8, keys 8, checksum 4, magic 4
const (
	magic      = "obr1"
	rowSize    = keySize + 16
	footerSize = 24
	// maxPart bounds how much memory a damaged length can make a reader allocate.
	maxPart = 256 << 20
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func checksum(data []byte) uint32 { return crc32.Checksum(data, castagnoli) }

var errDamaged = errors.New("the file is damaged")

// place is the position of something in a segment.
type place struct {
	offset   int64
	length   uint32
	checksum uint32
}

func (p place) appendTo(out []byte) []byte {
	out = binary.LittleEndian.AppendUint64(out, uint64(p.offset))
	out = binary.LittleEndian.AppendUint32(out, p.length)
	return binary.LittleEndian.AppendUint32(out, p.checksum)
}

func placeAt(data []byte) place {
	return place{
		offset:   int64(binary.LittleEndian.Uint64(data)),
		length:   binary.LittleEndian.Uint32(data[8:]),
		checksum: binary.LittleEndian.Uint32(data[12:]),
	}
}

const placeSize = 16

// segment is an open file. It stays readable when another process removes it.
type segment struct {
	name  string
	file  *os.File
	size  int64
	table []byte
}

func openSegment(name string) (*segment, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	s := &segment{name: name, file: file}
	if err := s.readTable(); err != nil {
		file.Close()
		return nil, err
	}
	return s, nil
}

func (s *segment) readTable() error {
	info, err := s.file.Stat()
	if err != nil {
		return err
	}
	s.size = info.Size()
	footer := make([]byte, footerSize)
	if s.size < int64(len(magic)+footerSize) {
		return errDamaged
	}
	if _, err := s.file.ReadAt(footer, s.size-footerSize); err != nil {
		return err
	}
	offset, keys := binary.LittleEndian.Uint64(footer), binary.LittleEndian.Uint64(footer[8:])
	length := uint64(s.size) - footerSize
	if string(footer[20:]) != magic || offset > length || keys != (length-offset)/rowSize || (length-offset)%rowSize != 0 {
		return errDamaged
	}
	s.table = make([]byte, length-offset)
	if _, err := s.file.ReadAt(s.table, int64(offset)); err != nil {
		return err
	}
	if checksum(s.table) != binary.LittleEndian.Uint32(footer[16:]) {
		return errDamaged
	}
	return nil
}

func (s *segment) keys() int         { return len(s.table) / rowSize }
func (s *segment) row(i int) []byte  { return s.table[i*rowSize : (i+1)*rowSize] }
func (s *segment) key(i int) (k Key) { copy(k[:], s.row(i)); return k }

// find returns the position of the entry with a key.
func (s *segment) find(key Key) (place, bool) {
	low, high := 0, s.keys()
	for low < high {
		middle := (low + high) / 2
		switch bytes.Compare(s.row(middle)[:keySize], key[:]) {
		case -1:
			low = middle + 1
		case 1:
			high = middle
		default:
			return placeAt(s.row(middle)[keySize:]), true
		}
	}
	return place{}, false
}

func (s *segment) read(p place) ([]byte, error) {
	if p.offset < 0 || p.length > maxPart || p.offset+int64(p.length) > s.size {
		return nil, errDamaged
	}
	data := make([]byte, p.length)
	if _, err := s.file.ReadAt(data, p.offset); err != nil {
		return nil, err
	}
	if checksum(data) != p.checksum {
		return nil, errDamaged
	}
	return data, nil
}

// entry reads an entry: where its parts are, and its facts.
func (s *segment) entry(p place) (parts []place, facts []byte, err error) {
	data, err := s.read(p)
	if err != nil {
		return nil, nil, err
	}
	if len(data) < 4 {
		return nil, nil, errDamaged
	}
	count := int(binary.LittleEndian.Uint32(data))
	data = data[4:]
	if count > len(data)/placeSize {
		return nil, nil, errDamaged
	}
	for range count {
		parts = append(parts, placeAt(data))
		data = data[placeSize:]
	}
	return parts, data, nil
}

// writer writes a segment to a temporary file in the directory of its final name.
type writer struct {
	file  *os.File
	out   *bufio.Writer
	at    int64
	parts map[string]place
	rows  map[Key]place
}

func newWriter(dir string) (*writer, error) {
	file, err := os.CreateTemp(dir, temporaryPattern)
	if err != nil {
		return nil, err
	}
	w := &writer{file: file, out: bufio.NewWriterSize(file, 256<<10), parts: map[string]place{}, rows: map[Key]place{}}
	if _, err := w.write([]byte(magic)); err != nil {
		w.discard()
		return nil, err
	}
	return w, nil
}

func (w *writer) write(data []byte) (place, error) {
	p := place{w.at, uint32(len(data)), checksum(data)}
	w.at += int64(len(data))
	_, err := w.out.Write(data)
	return p, err
}

// add writes an entry, and those of its parts that are not written yet.
func (w *writer) add(key Key, facts []byte, parts []Part) error {
	if _, known := w.rows[key]; known {
		return nil
	}
	entry := binary.LittleEndian.AppendUint32(make([]byte, 0, 4+len(parts)*placeSize+len(facts)), uint32(len(parts)))
	for _, part := range parts {
		p, written := w.parts[part.ID]
		if !written {
			data := part.Data()
			if len(data) > maxPart {
				return errTooLarge
			}
			var err error
			if p, err = w.write(data); err != nil {
				return err
			}
			w.parts[part.ID] = p
		}
		entry = p.appendTo(entry)
	}
	p, err := w.write(append(entry, facts...))
	w.rows[key] = p
	return err
}

// finish writes the table and closes the file; it still has its temporary name.
func (w *writer) finish() error {
	keys := make([]Key, 0, len(w.rows))
	for key := range w.rows {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b Key) int { return bytes.Compare(a[:], b[:]) })
	table := make([]byte, 0, len(keys)*rowSize)
	for _, key := range keys {
		table = w.rows[key].appendTo(append(table, key[:]...))
	}
	footer := binary.LittleEndian.AppendUint64(nil, uint64(w.at))
	footer = binary.LittleEndian.AppendUint64(footer, uint64(len(keys)))
	footer = binary.LittleEndian.AppendUint32(footer, checksum(table))
	footer = append(footer, magic...)
	for _, data := range [][]byte{table, footer} {
		if _, err := w.out.Write(data); err != nil {
			return err
		}
	}
	if err := w.out.Flush(); err != nil {
		return err
	}
	return w.file.Close()
}

func (w *writer) discard() {
	w.out = bufio.NewWriter(io.Discard)
	w.file.Close()
	os.Remove(w.file.Name())
}
