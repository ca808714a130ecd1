package planner

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"onebranch.dev/renderer/appset"
)

// chartServer is a chart repository on loopback.
type chartServer struct {
	*httptest.Server
	archive  []byte
	requests atomic.Int64
}

// newChartServer serves an index with one chart, `sample 1.0.0`; a case may change its entry.
func newChartServer(t *testing.T, entry func(r *chartServer) (address, digest string)) *chartServer {
	t.Helper()
	r := &chartServer{archive: packed(t, chartFiles("sample", configMap("pulled", "a: b")))}
	mux := http.NewServeMux()
	mux.HandleFunc("/charts/index.yaml", func(w http.ResponseWriter, _ *http.Request) {
		r.requests.Add(1)
		address, digest := entry(r)
		fmt.Fprintf(w, "apiVersion: v1\nentries:\n  sample:\n  - name: sample\n    version: 1.0.0\n    apiVersion: v2\n    digest: %q\n    urls: [%q]\n", digest, address)
	})
	mux.HandleFunc("/charts/files/sample.tgz", func(w http.ResponseWriter, _ *http.Request) {
		r.requests.Add(1)
		_, _ = w.Write(r.archive)
	})
	mux.HandleFunc("/charts/loop", func(w http.ResponseWriter, request *http.Request) {
		http.Redirect(w, request, "/charts/loop", http.StatusFound)
	})
	mux.HandleFunc("/charts/huge", func(w http.ResponseWriter, request *http.Request) {
		block := make([]byte, 1<<20)
		for request.Context().Err() == nil {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	})
	mux.HandleFunc("/charts/hanging", func(_ http.ResponseWriter, request *http.Request) { <-request.Context().Done() })
	r.Server = httptest.NewServer(mux)
	t.Cleanup(r.Close)
	return r
}

func (r *chartServer) digest() string {
	sum := sha256.Sum256(r.archive)
	return hex.EncodeToString(sum[:])
}

func pulling(t *testing.T, cache string) *fixture {
	f := newFixture(t, Options{ChartCache: cache}, nil)
	f.charts.limits = pullLimits{2 * time.Second, 4 << 20}
	return f
}

func (r *chartServer) source(version string) appset.Source {
	return appset.Source{RepoURL: r.URL + "/charts", Chart: "sample", TargetRevision: version}
}

func TestAChartIsPulledOnceAndKept(t *testing.T) {
	for name, entry := range map[string]func(r *chartServer) (string, string){
		"an absolute address":            func(r *chartServer) (string, string) { return r.URL + "/charts/files/sample.tgz", "" },
		"a relative address":             func(*chartServer) (string, string) { return "files/sample.tgz", "" },
		"a digest":                       func(r *chartServer) (string, string) { return "files/sample.tgz", r.digest() },
		"a digest that names its method": func(r *chartServer) (string, string) { return "files/sample.tgz", "sha256:" + r.digest() },
	} {
		t.Run(name, func(t *testing.T) {
			r := newChartServer(t, entry)
			cache := t.TempDir()
			if out := pulling(t, cache).mustRender(application("orders", r.source("1.0.0")), Cluster{}); !strings.Contains(texts(out), "pulled") {
				t.Errorf("the chart of the repository should be rendered: %s", texts(out))
			}
			asked := r.requests.Load()
			pulling(t, cache).mustRender(application("orders", r.source("1.0.0")), Cluster{})
			if r.requests.Load() != asked {
				t.Error("a chart of the cache should not be pulled again")
			}
			files, _ := filepath.Glob(filepath.Join(cache, "*", "*"))
			if len(files) != 1 || filepath.Base(files[0]) != "sample-1.0.0.tgz" {
				t.Fatalf("the cache should have the chart alone, has %q", files)
			}
			if err := os.Truncate(files[0], 100); err != nil {
				t.Fatal(err)
			}
			pulling(t, cache).mustRender(application("orders", r.source("1.0.0")), Cluster{})
			if r.requests.Load() == asked {
				t.Error("a damaged chart of the cache should be pulled again")
			}
		})
	}
}

func TestAPullThatFailsSaysWhy(t *testing.T) {
	at := func(path string) func(*chartServer) (string, string) {
		return func(*chartServer) (string, string) { return path, "" }
	}
	for name, c := range map[string]struct {
		entry   func(*chartServer) (string, string)
		version string
		reason  string
	}{
		"a missing version": {at("files/sample.tgz"), "2.0.0", "its repository has no such chart or version"},
		"a wrong digest": {
			func(*chartServer) (string, string) { return "files/sample.tgz", strings.Repeat("0", 64) }, "1.0.0",
			"the index of its repository says digest 0000000000000000000000000000000000000000000000000000000000000000, and what comes has ",
		},
		"a missing file":   {at("files/other.tgz"), "1.0.0", "404 Not Found"},
		"a redirect loop":  {at("loop"), "1.0.0", "stopped after 10 redirects"},
		"a huge answer":    {at("huge"), "1.0.0", "it sends more than 4 MiB"},
		"a hanging server": {at("hanging"), "1.0.0", "Client.Timeout exceeded"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newChartServer(t, c.entry)
			cache := t.TempDir()
			_, err := pulling(t, cache).render(application("orders", r.source(c.version)), Cluster{})
			if err == nil {
				t.Fatal("should not be evaluated")
			}
			start := "the chart sample " + c.version + " of " + r.URL + "/charts cannot be pulled ("
			end := "); put sample-" + c.version + ".tgz into the directory of --charts"
			late := name == "a hanging server" && strings.Contains(err.Error(), "no answer within 2s")
			if !strings.HasPrefix(err.Error(), start) || !strings.HasSuffix(err.Error(), end) || !strings.Contains(err.Error(), c.reason) && !late {
				t.Errorf("should say %s … %s … %s\nsays %v", start, c.reason, end, err)
			}
			if files, _ := filepath.Glob(filepath.Join(cache, "*", "*")); len(files) != 0 {
				t.Errorf("nothing should be kept, is %q", files)
			}
		})
	}
}

func TestAHostThatIsDownIsAskedOnce(t *testing.T) {
	r := newChartServer(t, func(*chartServer) (string, string) { return "", "" })
	r.Close()
	f := pulling(t, t.TempDir())
	for _, version := range []string{"1.0.0", "2.0.0"} {
		_, err := f.render(application("orders", r.source(version)), Cluster{})
		if err == nil || !strings.Contains(err.Error(), "connection refused") {
			t.Errorf("the reason should be that no server answers, is %v", err)
		}
	}
	if len(f.charts.dead) != 1 {
		t.Errorf("the host should be remembered, are %v", f.charts.dead)
	}
}

func TestPullsOfManyRunsAtOnce(t *testing.T) {
	r := newChartServer(t, func(r *chartServer) (string, string) { return "files/sample.tgz", r.digest() })
	cache := t.TempDir()
	done := make(chan error)
	for range 8 {
		f := pulling(t, cache)
		go func() {
			_, err := f.render(application("orders", r.source("1.0.0")), Cluster{})
			done <- err
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if files, _ := filepath.Glob(filepath.Join(cache, "*", "*")); len(files) != 1 {
		t.Errorf("the cache should have one file, has %q", files)
	}
}
