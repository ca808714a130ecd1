package planner

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"onebranch.dev/renderer/manifest"
)

// Uncompared is what may differ between changes that are merged into one. The client knows what people call the same change;
// here it only keeps the answer, and the manifests that it names, small. Without it changes are merged that are equal.
type Uncompared struct {
	// OwnFields is how the paths of those fields of an Application begin that name its cluster.
	OwnFields string `json:"ownFields,omitempty"`
	// Digest is an expression for values that only say that something else differs.
	Digest string `json:"digest,omitempty"`
	// WholeKinds is an expression for the kinds of which a changed field means nothing without the rest of the manifest; without
	// it that is all kinds.
	WholeKinds string `json:"wholeKinds,omitempty"`
}

// merging is an Uncompared that is ready for use.
type merging struct {
	ownFields          string
	digest, wholeKinds *regexp.Regexp
}

func (u Uncompared) compile() (*merging, error) {
	m := &merging{ownFields: u.OwnFields}
	for name, part := range map[string]struct {
		text string
		into **regexp.Regexp
	}{"digest": {u.Digest, &m.digest}, "wholeKinds": {u.WholeKinds, &m.wholeKinds}} {
		if part.text == "" {
			continue
		}
		compiled, err := regexp.Compile(part.text)
		if err != nil {
			return nil, fmt.Errorf("uncompared.%s: %w", name, err)
		}
		*part.into = compiled
	}
	return m, nil
}

// fingerprint is equal for changes that are merged; resources is the print of their resources.
func (m *merging) fingerprint(c *Change, resources [32]byte) [32]byte {
	h := sha256.New()
	encoder := json.NewEncoder(h)
	_ = encoder.Encode([]any{c.Application, c.Change, c.Emptied})
	for _, change := range c.Spec {
		if m.ownFields == "" || !strings.HasPrefix(change.Path, m.ownFields) {
			_ = encoder.Encode(change)
		}
	}
	_, _ = h.Write(resources[:])
	return [32]byte(h.Sum(nil))
}

func (m *merging) printOf(resources []ResourceChange) [32]byte {
	h := sha256.New()
	encoder := json.NewEncoder(h)
	for _, r := range resources {
		if r.Change == "change" {
			if m.wholeKinds != nil && !m.wholeKinds.MatchString(r.Kind) {
				r.Before, r.After = "", ""
			}
			r.Fields = m.withoutDigests(r.Fields)
		}
		_ = encoder.Encode(r)
	}
	return [32]byte(h.Sum(nil))
}

func (m *merging) withoutDigests(fields []manifest.Change) []manifest.Change {
	if m.digest == nil {
		return fields
	}
	out := make([]manifest.Change, len(fields))
	for i, field := range fields {
		out[i] = field
		if m.isDigest(field.From) && m.isDigest(field.To) {
			out[i] = manifest.Change{Path: field.Path}
		}
	}
	return out
}

func (m *merging) isDigest(value *any) bool {
	if value == nil {
		return false
	}
	text, ok := (*value).(string)
	return ok && m.digest.MatchString(text)
}

// merged finds out while pairs are compared which changes are merged, so that only the first of each keeps its manifests
// until the end: all those of a large fleet do not fit into memory.
type merged struct {
	results []*result

	mu    sync.Mutex
	first map[[32]byte]int
}

// add takes in the result of a pair by its place; they may come in any order.
func (m *merged) add(i int, r *result) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.results[i] = r
	if !r.isChange {
		return
	}
	first, known := m.first[r.print]
	switch {
	case !known:
		m.first[r.print] = i
	case first < i:
		r.forget()
	default:
		m.results[first].forget()
		m.first[r.print] = i
	}
}

// forget drops what the first result of the same print says.
func (r *result) forget() { r.named, r.change.Resources = nil, nil }
