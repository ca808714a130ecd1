package planner

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"helm.sh/helm/v4/pkg/registry"

	"onebranch.dev/renderer/appset"
)

// newRegistry serves `charts/sample:1.0.0_a` as an OCI registry does; damage may change the content of a blob.
func newRegistry(t *testing.T, damage func(data []byte) []byte) *httptest.Server {
	t.Helper()
	digest := func(data []byte) string {
		sum := sha256.Sum256(data)
		return "sha256:" + hex.EncodeToString(sum[:])
	}
	archive := packed(t, chartFiles("sample", configMap("pulled", "a: b")))
	config := []byte(`{"apiVersion":"v2","name":"sample","version":"1.0.0+a"}`)
	descriptor := func(kind string, data []byte) map[string]any {
		return map[string]any{"mediaType": kind, "digest": digest(data), "size": len(data)}
	}
	const manifestType = "application/vnd.oci.image.manifest.v1+json"
	manifest, err := json.Marshal(map[string]any{
		"schemaVersion": 2, "mediaType": manifestType, "config": descriptor(registry.ConfigMediaType, config),
		"layers": []any{descriptor(registry.ChartLayerMediaType, archive)},
	})
	if err != nil {
		t.Fatal(err)
	}
	served := map[string][]byte{
		"manifests/1.0.0_a": manifest, "manifests/" + digest(manifest): manifest,
		"blobs/" + digest(config): config, "blobs/" + digest(archive): damage(archive),
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, found := served[strings.TrimPrefix(r.URL.Path, "/v2/charts/sample/")]
		if !found {
			http.Error(w, `{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}`, http.StatusNotFound)
			return
		}
		if strings.Contains(r.URL.Path, "/manifests/") {
			w.Header().Set("Content-Type", manifestType)
			w.Header().Set("Docker-Content-Digest", digest(data))
		}
		_, _ = w.Write(data)
	}))
	t.Cleanup(server.Close)
	return server
}

func ociSource(server *httptest.Server, scheme, version string) appset.Source {
	return appset.Source{RepoURL: scheme + strings.TrimPrefix(server.URL, "http://") + "/charts", Chart: "sample", TargetRevision: version}
}

func TestAChartOfARegistryIsPulledOnceAndKept(t *testing.T) {
	for _, scheme := range []string{"", ociScheme} {
		server := newRegistry(t, func(data []byte) []byte { return data })
		cache := t.TempDir()
		app := application("orders", ociSource(server, scheme, "1.0.0+a"))
		if out := pulling(t, cache).mustRender(app, Cluster{}); !strings.Contains(texts(out), "pulled") {
			t.Errorf("the chart of the registry should be rendered: %s", texts(out))
		}
		server.Close()
		pulling(t, cache).mustRender(app, Cluster{})
	}
}

func TestAPullFromARegistryThatFailsSaysWhy(t *testing.T) {
	whole := func(data []byte) []byte { return data }
	for name, c := range map[string]struct {
		damage  func(data []byte) []byte
		version string
		reason  string
	}{
		"a missing version": {whole, "2.0.0", "not found"},
		"other content than its digest says": {
			func(data []byte) []byte { return []byte(strings.Repeat("x", len(data))) }, "1.0.0+a", "mismatch",
		},
	} {
		t.Run(name, func(t *testing.T) {
			cache := t.TempDir()
			server := newRegistry(t, c.damage)
			_, err := pulling(t, cache).render(application("orders", ociSource(server, ociScheme, c.version)), Cluster{})
			if err == nil || !strings.Contains(err.Error(), "cannot be pulled (") || !strings.Contains(err.Error(), c.reason) {
				t.Errorf("should say %q, says %v", c.reason, err)
			}
			if files, _ := filepath.Glob(filepath.Join(cache, "*", "*")); len(files) != 0 {
				t.Errorf("nothing should be kept, is %q", files)
			}
		})
	}
}
