// Package chart loads Helm charts from a tree or an archive, and returns the same documents as `helm template` in Argo
// CD. Helm's library loads and sorts. Templates are executed here, so that they can be stopped and are parsed only once
// (docs/decisions/0014-chart-templates-are-executed-by-our-code.md). The tests compare with Helm's engine.
package chart

import (
	"bytes"
	"fmt"
	"path"

	"helm.sh/helm/v4/pkg/chart/loader/archive"
	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/ignore"

	"onebranch.dev/renderer/tree"
)

var byteOrderMark = []byte{0xEF, 0xBB, 0xBF}

// Load reads the chart in a directory of a tree, and packs the dependencies that are elsewhere in the tree.
func Load(t *tree.Tree, dir string) (*chartv2.Chart, error) {
	files, err := readFiles(t, dir)
	if err != nil {
		return nil, err
	}
	return loadFiles(dir, files, func(chart *chartv2.Chart) error { return buildDependencies(t, dir, chart) })
}

// readFiles reads a chart's directory, with `.helmignore` and the size limit of Helm's own directory loader.
func readFiles(t *tree.Tree, dir string) ([]*archive.BufferedFile, error) {
	rules := ignore.Empty()
	if data, err := t.Read(path.Join(dir, ignore.HelmIgnore)); err == nil {
		if rules, err = ignore.Parse(bytes.NewReader(data)); err != nil {
			return nil, fmt.Errorf("%s/.helmignore: %w", dir, err)
		}
	} else if _, missing := err.(*tree.MissingBlob); missing {
		return nil, err
	}
	rules.AddDefaults()
	files, err := t.Walk(dir, func(name string, isDir bool) bool {
		return rules.Ignore(name, tree.FileInfo{Base: path.Base(name), Dir: isDir})
	})
	if err != nil {
		return nil, err
	}
	buffered := make([]*archive.BufferedFile, 0, len(files))
	left := archive.MaxDecompressedChartSize
	var absent *tree.MissingBlob
	for _, f := range files {
		data, err := t.Content(f.Entry)
		if missing, ok := err.(*tree.MissingBlob); ok {
			if absent == nil {
				absent = missing
			} else {
				absent.More = append(absent.More, missing.OID)
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		if left -= int64(len(data)); left < 0 {
			return nil, fmt.Errorf("error reading %s: chart exceeds maximum decompressed size of %d bytes", f.Name, archive.MaxDecompressedChartSize)
		}
		buffered = append(buffered, &archive.BufferedFile{Name: f.Name, Data: bytes.TrimPrefix(data, byteOrderMark)})
	}
	if absent != nil {
		return nil, absent
	}
	return buffered, nil
}

// LoadArchive reads a packed chart.
func LoadArchive(name string, data []byte) (*chartv2.Chart, error) {
	files, err := archive.LoadArchiveFiles(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return loadFiles(name, files, missingDependencies)
}

// loadFiles loads a chart and checks that its dependencies are there.
func loadFiles(name string, files []*archive.BufferedFile, complete func(*chartv2.Chart) error) (chart *chartv2.Chart, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s is not a chart that can be loaded: %v", name, r)
		}
	}()
	if chart, err = loader.LoadFiles(files); err != nil {
		return nil, err
	}
	if chart.Metadata.Type != "" && chart.Metadata.Type != "application" {
		return nil, fmt.Errorf("%s charts are not installable", chart.Metadata.Type)
	}
	return chart, complete(chart)
}
