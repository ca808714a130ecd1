package chart

import (
	"bytes"
	"path"
	"slices"
	"strings"

	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
)

// Layer is one values file, text or parameter that Helm merges over the layers before it.
type Layer struct {
	// Kind is chart, file, inline or parameter; image is that of a pin, for Kustomize.
	Kind string `json:"kind"`
	// File is the file that contains it; empty for what the Application itself contains.
	File string `json:"file,omitempty"`
	// Name is the name of a parameter.
	Name string `json:"name,omitempty"`

	// Values must not be changed; Text is the text that they were parsed from.
	Values map[string]any `json:"-"`
	Text   []byte         `json:"-"`
}

// defaultsOf lists the values.yaml of a chart and of its subcharts, lowest first, and which chart each belongs to.
func defaultsOf(root *chartv2.Chart, dir string) ([]Layer, map[*chartv2.Chart]int) {
	type entry struct {
		chart *chartv2.Chart
		dir   string
	}
	all := []entry{{root, dir}}
	for i := 0; i < len(all); i++ {
		for _, child := range all[i].chart.Dependencies() {
			all = append(all, entry{child, childPlace(all[i].chart, child, all[i].dir)})
		}
	}
	slices.Reverse(all)
	layers, of := []Layer{}, map[*chartv2.Chart]int{}
	for _, e := range all {
		of[e.chart] = len(layers)
		layers = append(layers, Layer{
			Kind: "chart", File: path.Join(e.dir, "values.yaml"), Values: e.chart.Values, Text: rawFile(e.chart, "values.yaml"),
		})
	}
	return layers, of
}

// childPlace returns where a dependency of a chart is: below its charts/ directory, or elsewhere in the tree.
func childPlace(parent, child *chartv2.Chart, dir string) string {
	name := childDirectory(parent, child)
	if name != "" {
		return path.Join(dir, "charts", name)
	}
	for _, dependency := range parent.Metadata.Dependencies {
		if place, inside := localPlace(dir, dependency); inside && dependency.Name == child.Name() {
			return place
		}
	}
	return path.Join(dir, "charts", child.Name())
}

// childDirectory returns the name below charts/ that a dependency was loaded from: its directory or its archive; empty if
// it is not there.
func childDirectory(parent, child *chartv2.Chart) string {
	want := rawFile(child, "Chart.yaml")
	archives := []string{}
	for _, file := range parent.Raw {
		rest, inside := strings.CutPrefix(file.Name, "charts/")
		if !inside {
			continue
		}
		dir, name, nested := strings.Cut(rest, "/")
		if nested && name == "Chart.yaml" && bytes.Equal(file.Data, want) {
			return dir
		}
		if !nested && strings.HasSuffix(rest, ".tgz") {
			archives = append(archives, rest)
		}
	}
	exact := child.Name() + "-" + child.Metadata.Version + ".tgz"
	for _, archive := range archives {
		if archive == exact {
			return archive
		}
	}
	for _, archive := range archives {
		if strings.HasPrefix(archive, child.Name()) {
			return archive
		}
	}
	return ""
}

func rawFile(chart *chartv2.Chart, name string) []byte {
	for _, file := range chart.Raw {
		if file.Name == name {
			return bytes.TrimPrefix(file.Data, byteOrderMark)
		}
	}
	return nil
}
