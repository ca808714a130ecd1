package planner

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	chartv2 "helm.sh/helm/v4/pkg/chart/v2"

	"onebranch.dev/renderer/appset"
	"onebranch.dev/renderer/chart"
)

// chartStore loads each chart once, from the tree, from a directory or from its repository.
type chartStore struct {
	local, cache string
	offline      bool
	limits       pullLimits

	mu       sync.Mutex
	prepared *onceMap[*chart.Prepared]
	archives *onceMap[archive]
	dead     map[string]error
}

// archive is a packed third-party chart.
type archive struct {
	digest string
	data   []byte
}

func newChartStore(o Options) *chartStore {
	return &chartStore{
		local: o.Charts, cache: o.ChartCache, offline: o.Offline, limits: defaultPullLimits,
		prepared: newOnceMap[*chart.Prepared](),
		archives: newOnceMap[archive](),
		dead:     map[string]error{},
	}
}

// find returns the identity of a source's chart, and a function that loads it.
func (s *chartStore) find(t *loaded, source *appset.Source) (string, func() (*chart.Prepared, error), error) {
	if source.Chart == "" {
		hash, err := t.hashOfChart(source.Path)
		if err != nil {
			return "", nil, fmt.Errorf("%s: app path does not exist: %w", source.Path, err)
		}
		if real, _, _ := t.Resolve(source.Path); t.Submodule(real) != nil {
			return "", nil, t.Submodule(real)
		}
		return hash, s.once(hash, func() (*chart.Prepared, error) {
			loaded, err := chart.Load(t.Tree, source.Path)
			return prepare(loaded, err)
		}), nil
	}
	// A version of a chart never changes, so even a chart that is not available is known to be the same on both sides.
	identity := "remote:" + source.RepoURL + " " + source.Chart + " " + source.TargetRevision
	return identity, s.once(identity, func() (*chart.Prepared, error) {
		found, err := s.archive(source)
		if err != nil {
			return nil, err
		}
		loaded, err := chart.LoadArchive(chartLabel(source), found.data)
		return prepare(loaded, err)
	}), nil
}

func (s *chartStore) once(key string, load func() (*chart.Prepared, error)) func() (*chart.Prepared, error) {
	return func() (*chart.Prepared, error) { return s.prepared.get(key, load) }
}

// archive looks for a packed chart: first in the given directory, then in the cache, then in its repository.
func (s *chartStore) archive(source *appset.Source) (archive, error) {
	key := source.RepoURL + "\x00" + source.Chart + "\x00" + source.TargetRevision
	return s.archives.get(key, func() (archive, error) { return s.fetch(source) })
}

func (s *chartStore) fetch(source *appset.Source) (archive, error) {
	if isRange(source.TargetRevision) {
		return archive{}, notEvaluated("the version %q of the chart %s is a range; which version it means changes with its repository", source.TargetRevision, source.Chart)
	}
	file := filepath.Base(source.Chart) + "-" + source.TargetRevision + ".tgz"
	if !isName(file) {
		return archive{}, fmt.Errorf("the chart %q or its version %q is not a name", source.Chart, source.TargetRevision)
	}
	for _, candidate := range s.candidates(source) {
		data, err := readArchive(candidate, s.limits.bytes)
		var refused *refusedArchive
		if errors.As(err, &refused) {
			return archive{}, err
		}
		if err == nil && candidate == s.cached(source) && !isWhole(data) {
			// A damaged copy is pulled again.
			_ = os.Remove(candidate)
			continue
		}
		if err == nil {
			return pack(data), nil
		}
	}
	where := "put " + file + " into the directory of --charts"
	if s.offline {
		return archive{}, notEvaluated("the chart %s %s of %s is not at hand; %s", source.Chart, source.TargetRevision, source.RepoURL, where)
	}
	data, err := s.pull(source)
	if err != nil {
		return archive{}, notEvaluated("the chart %s %s of %s cannot be pulled (%s); %s", source.Chart, source.TargetRevision, source.RepoURL, oneLine(err), where)
	}
	if s.cache != "" {
		_ = writeAtomic(s.cached(source), data)
	}
	return pack(data), nil
}

// refusedArchive is the error for a packed chart that exists but is not a readable file.
type refusedArchive struct{ file, reason string }

func (e *refusedArchive) Error() string { return e.file + " is not a packed chart: " + e.reason }

// readArchive never waits for a pipe to be written, and never reads a device.
func readArchive(file string, most int64) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &refusedArchive{file, "it is not a file"}
	}
	if most > 0 && info.Size() > most {
		return nil, &refusedArchive{file, fmt.Sprintf("it is larger than %d MiB", most>>20)}
	}
	return os.ReadFile(file)
}

// isName prevents a name from the tree from leading out of a directory.
func isName(file string) bool {
	return !strings.ContainsAny(file, "/\\") && !strings.Contains(file, "..")
}

// candidates are the paths where a packed chart may be, in the order of the search.
func (s *chartStore) candidates(source *appset.Source) []string {
	name := filepath.Base(source.Chart)
	if !isName(name + "-" + source.TargetRevision) {
		return nil
	}
	var out []string
	if s.local != "" {
		for _, version := range []string{source.TargetRevision, strings.TrimPrefix(source.TargetRevision, "v")} {
			out = append(out, filepath.Join(s.local, name+"-"+version+".tgz"))
		}
	}
	if s.cache != "" {
		out = append(out, s.cached(source))
	}
	return out
}

func (s *chartStore) cached(source *appset.Source) string {
	return filepath.Join(s.cache, shortHash(source.RepoURL), filepath.Base(source.Chart)+"-"+source.TargetRevision+".tgz")
}

// isWhole checks the checksums inside a packed file.
func isWhole(data []byte) bool {
	unpacked, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, io.LimitReader(unpacked, defaultPullLimits.bytes))
	return err == nil
}

func pack(data []byte) archive {
	sum := sha256.Sum256(data)
	return archive{hex.EncodeToString(sum[:]), data}
}

func shortHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:6])
}

func isRange(version string) bool {
	return version == "" || strings.ContainsAny(version, "*^~<>=|, ") || strings.EqualFold(version, "x")
}

func oneLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

func prepare(loaded *chartv2.Chart, err error) (*chart.Prepared, error) {
	var missing *chart.MissingDependencies
	if errors.As(err, &missing) {
		return nil, notEvaluated("%s", missing)
	}
	if err != nil {
		return nil, err
	}
	return chart.Prepare(loaded), nil
}

// writeAtomic writes a file so that other processes see either all of it or nothing.
func writeAtomic(name string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(name), ".tmp-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	if _, err := temporary.Write(data); err != nil {
		temporary.Close()
		return err
	}
	if err := temporary.Close(); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), name)
}
