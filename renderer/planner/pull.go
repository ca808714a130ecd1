package planner

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"helm.sh/helm/v4/pkg/getter"
	"helm.sh/helm/v4/pkg/registry"
	"helm.sh/helm/v4/pkg/repo/v1"

	"onebranch.dev/renderer/appset"
)

// pullLimits bound the pull of one chart.
type pullLimits struct {
	// time limits the whole pull. A host that did not answer is not asked again.
	time time.Duration
	// bytes limits one response; the largest public index is a tenth of the default.
	bytes int64
}

var defaultPullLimits = pullLimits{5 * time.Second, 256 << 20}

func (s *chartStore) pull(source *appset.Source) ([]byte, error) {
	host := source.RepoURL
	if isOCI(source) {
		host, _, _ = strings.Cut(strings.TrimPrefix(host, ociScheme), "/")
	} else if parsed, err := url.Parse(source.RepoURL); err == nil {
		host = parsed.Host
	}
	s.mu.Lock()
	dead := s.dead[host]
	s.mu.Unlock()
	if dead != nil {
		return nil, dead
	}
	data, err := pullArchive(source, s.limits)
	var network net.Error
	if err != nil && (errors.As(err, &network) || errors.Is(err, context.DeadlineExceeded)) {
		s.mu.Lock()
		s.dead[host] = err
		s.mu.Unlock()
	}
	return data, err
}

func pullArchive(source *appset.Source, limits pullLimits) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limits.time)
	defer cancel()
	type pulled struct {
		data []byte
		err  error
	}
	done := make(chan pulled, 1)
	go func() {
		pull := pullNow
		if isOCI(source) {
			pull = pullOCI
		}
		data, err := pull(source, limits)
		done <- pulled{data, err}
	}()
	select {
	case result := <-done:
		return result.data, result.err
	case <-ctx.Done():
		return nil, fmt.Errorf("no answer within %s: %w", limits.time, ctx.Err())
	}
}

func pullNow(source *appset.Source, limits pullLimits) ([]byte, error) {
	dir, err := os.MkdirTemp("", "onebranch-pull-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	getters := boundedGetters(limits)
	// The index is needed only here, so it stays out of the user's own Helm cache.
	repository, err := repo.NewChartRepository(&repo.Entry{URL: source.RepoURL, Name: "pulled"}, getters)
	if err != nil {
		return nil, err
	}
	repository.CachePath = dir
	file, err := repository.DownloadIndexFile()
	if err != nil {
		return nil, fmt.Errorf("its repository does not answer with an index: %w", err)
	}
	index, err := repo.LoadIndexFile(file)
	if err != nil {
		return nil, fmt.Errorf("the index of its repository cannot be read: %w", err)
	}
	version, err := index.Get(source.Chart, source.TargetRevision)
	if err != nil {
		return nil, errors.New("its repository has no such chart or version")
	}
	if len(version.URLs) == 0 {
		return nil, errors.New("the index of its repository does not say where it is")
	}
	address, err := repo.ResolveReferenceURL(source.RepoURL, version.URLs[0])
	if err != nil {
		return nil, err
	}
	parsed, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	client, err := getters.ByScheme(parsed.Scheme)
	if err != nil {
		return nil, err
	}
	data, err := client.Get(address)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data.Bytes())
	if want := strings.TrimPrefix(version.Digest, "sha256:"); want != "" && want != hex.EncodeToString(sum[:]) {
		return nil, fmt.Errorf("the index of its repository says digest %s, and what comes has %s", want, hex.EncodeToString(sum[:]))
	}
	return data.Bytes(), nil
}

const ociScheme = "oci://"

// isOCI holds for what Argo CD takes for a registry: a chart repository without a scheme, or with the scheme oci.
func isOCI(source *appset.Source) bool {
	return strings.HasPrefix(source.RepoURL, ociScheme) || !strings.Contains(source.RepoURL, "://")
}

// pullOCI pulls from a registry, which names everything by digest.
func pullOCI(source *appset.Source, limits pullLimits) ([]byte, error) {
	reference := strings.TrimSuffix(strings.TrimPrefix(source.RepoURL, ociScheme), "/") + "/" + source.Chart
	options := []registry.ClientOption{
		registry.ClientOptHTTPClient(&http.Client{Transport: boundedTransport(limits), Timeout: limits.time}),
		registry.ClientOptWriter(io.Discard),
	}
	host, _, _ := strings.Cut(reference, "/")
	if name, _, err := net.SplitHostPort(host); err == nil && net.ParseIP(name).IsLoopback() {
		// A registry on the same machine has no certificate; Docker assumes the same.
		options = append(options, registry.ClientOptPlainHTTP())
	}
	client, err := registry.NewClient(options...)
	if err != nil {
		return nil, err
	}
	// A tag cannot contain a plus.
	pulled, err := client.Pull(reference + ":" + strings.ReplaceAll(source.TargetRevision, "+", "_"))
	if err != nil {
		return nil, err
	}
	return pulled.Chart.Data, nil
}

// boundedGetters are Helm's, on connections that give up on a response that does not end.
func boundedGetters(limits pullLimits) getter.Providers {
	transport := boundedTransport(limits)
	return getter.Providers{{
		Schemes: []string{"http", "https"},
		New: func(options ...getter.Option) (getter.Getter, error) {
			return getter.NewHTTPGetter(append(options, getter.WithTimeout(limits.time), getter.WithTransport(transport))...)
		},
	}}
}

func boundedTransport(limits pullLimits) *http.Transport {
	dialer := &net.Dialer{Timeout: limits.time}
	return &http.Transport{
		Proxy:             http.ProxyFromEnvironment,
		DisableKeepAlives: true, DisableCompression: true,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &boundedConn{conn, limits.bytes, limits.bytes}, nil
		},
	}
}

// boundedConn stops reading after a number of bytes.
type boundedConn struct {
	net.Conn
	left, bound int64
}

func (c *boundedConn) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, fmt.Errorf("it sends more than %d MiB", c.bound>>20)
	}
	n, err := c.Conn.Read(p)
	c.left -= int64(n)
	return n, err
}
