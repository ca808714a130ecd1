package planner

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"onebranch.dev/renderer/appset"
)

const packedYAML = "apiVersion: v2\nname: bad\nversion: 1.0.0\n"

// entry is a file of an archive; a plain file unless it has a type.
type entry struct {
	name, content string
	kind          byte
	target        string
}

func packedEntries(t *testing.T, entries ...entry) string {
	t.Helper()
	var out bytes.Buffer
	compressed := gzip.NewWriter(&out)
	archive := tar.NewWriter(compressed)
	for _, e := range entries {
		if e.kind == 0 {
			e.kind = tar.TypeReg
		}
		header := &tar.Header{Name: e.name, Mode: 0o644, Size: int64(len(e.content)), Typeflag: e.kind, Linkname: e.target}
		if err := archive.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write([]byte(e.content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := compressed.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// nestedCharts packs a chart into a chart as many times as asked.
func nestedCharts(t *testing.T, levels int) string {
	t.Helper()
	text := packedEntries(t, entry{name: "bad/Chart.yaml", content: packedYAML}, entry{name: "bad/templates/a.yaml", content: configMap("deep", "a: b")})
	for range levels {
		text = packedEntries(t, entry{name: "bad/Chart.yaml", content: packedYAML}, entry{name: "bad/charts/x.tgz", content: text})
	}
	return text
}

func hostileArchives(t *testing.T) map[string]struct{ archive, want string } {
	metadata := entry{name: "bad/Chart.yaml", content: packedYAML}
	zeros := strings.Repeat("\x00", 5<<20)
	bomb := []entry{metadata}
	for i := range 24 {
		bomb = append(bomb, entry{name: fmt.Sprintf("bad/files/%d", i), content: zeros})
	}
	cut := packedEntries(t, metadata, entry{name: "bad/templates/a.yaml", content: configMap("x", "a: b")})
	return map[string]struct{ archive, want string }{
		"a path above":                 {packedEntries(t, metadata, entry{name: "bad/../../outside", content: "x"}), "illegally references parent directory"},
		"a path above by backslash":    {packedEntries(t, metadata, entry{name: "bad\\..\\..\\outside", content: "x"}), "illegally references parent directory"},
		"an absolute path":             {packedEntries(t, metadata, entry{name: "bad//etc/outside", content: "x"}), "illegally contains absolute paths"},
		"a drive":                      {packedEntries(t, metadata, entry{name: "bad/c:/outside", content: "x"}), "illegally named files"},
		"a path without a chart":       {packedEntries(t, entry{name: "Chart.yaml", content: packedYAML}), "illegally contains content outside the base directory"},
		"files that unpack to 120 MiB": {packedEntries(t, bomb...), "larger than the maximum size"},
		"a file that unpacks to 6 MiB": {packedEntries(t, metadata, entry{name: "bad/files/a", content: zeros + zeros[:1<<20]}), ""},
		"no files":                     {packedEntries(t), "no files in chart archive"},
		"no metadata":                  {packedEntries(t, entry{name: "bad/values.yaml", content: "{}"}), "Chart.yaml file is missing"},
		"half of an archive":           {cut[:len(cut)/2], "unexpected EOF"},
		"no archive":                   {"no archive", "gzip: invalid header"},
		"a name that climbs":           {packedEntries(t, entry{name: "bad/Chart.yaml", content: strings.Replace(packedYAML, "bad", "../../outside", 1)}), "chart.metadata.name"},
		"a version that climbs":        {packedEntries(t, entry{name: "bad/Chart.yaml", content: strings.Replace(packedYAML, "1.0.0", "../1.0.0", 1)}), "chart.metadata.version"},
		// Nothing is read from the machine for these: Helm takes them for empty files.
		"links": {packedEntries(t, metadata,
			entry{name: "bad/templates/a.yaml", kind: tar.TypeSymlink, target: "/etc/passwd"},
			entry{name: "bad/templates/b.yaml", kind: tar.TypeLink, target: "/etc/passwd"},
			entry{name: "bad/templates/c.yaml", kind: tar.TypeFifo}), ""},
		"a name twice":   {packedEntries(t, metadata, entry{name: "bad/templates/a.yaml", content: configMap("x", "a: b")}, entry{name: "bad/templates/a.yaml", content: configMap("x", "a: c")}), ""},
		"charts 20 deep": {nestedCharts(t, 20), ""},
	}
}

func TestArchives_OfTheTreeAndOfOthersAreReadOrRefused(t *testing.T) {
	for name, c := range hostileArchives(t) {
		t.Run(name, func(t *testing.T) {
			place := t.TempDir()
			charts := filepath.Join(place, "charts")
			for _, dir := range []string{"charts", "tmp", "home"} {
				if err := os.Mkdir(filepath.Join(place, dir), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			t.Setenv("TMPDIR", filepath.Join(place, "tmp"))
			t.Setenv("HOME", filepath.Join(place, "home"))
			if err := os.WriteFile(filepath.Join(charts, "bad-1.0.0.tgz"), []byte(c.archive), 0o644); err != nil {
				t.Fatal(err)
			}
			files := chartFiles("charts/sample", configMap("x", "a: b"))
			files["charts/sample/charts/bad.tgz"] = c.archive
			f := newFixture(t, Options{Offline: true, Charts: charts}, files)
			for where, source := range map[string]appset.Source{
				"--charts": {RepoURL: "https://charts.example.com", Chart: "bad", TargetRevision: "1.0.0"},
				"charts/":  {Path: "charts/sample"},
			} {
				out, err := f.render(application("orders", source), Cluster{})
				switch {
				case c.want == "" && err != nil:
					t.Errorf("%s: should render, but: %v", where, err)
				case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
					t.Errorf("%s: error should contain %q, is %v", where, c.want, err)
				case err == nil && strings.Contains(fmt.Sprint(out), "root:"):
					t.Errorf("%s: a file of the machine was read", where)
				}
			}
			left, err := filepath.Glob(filepath.Join(place, "*", "*"))
			if err != nil || len(left) != 1 {
				t.Errorf("nothing should be left but the archive, there is %v", left)
			}
		})
	}
}

func TestArchives_ThatAreNoFilesAreRefused(t *testing.T) {
	charts := t.TempDir()
	file := filepath.Join(charts, "bad-1.0.0.tgz")
	source := appset.Source{RepoURL: "https://charts.example.com", Chart: "bad", TargetRevision: "1.0.0"}
	for name, make := range map[string]func() error{
		"a pipe":      func() error { return syscall.Mkfifo(file, 0o644) },
		"a device":    func() error { return os.Symlink("/dev/zero", file) },
		"a directory": func() error { return os.Mkdir(file, 0o755) },
	} {
		t.Run(name, func(t *testing.T) {
			if err := make(); err != nil {
				t.Fatal(err)
			}
			defer os.Remove(file)
			f := newFixture(t, Options{Offline: true, Charts: charts}, nil)
			_, err := f.render(application("orders", source), Cluster{})
			if want := file + " is not a packed chart: it is not a file"; err == nil || err.Error() != want {
				t.Errorf("error should be %q, is %v", want, err)
			}
		})
	}
}

func TestArchives_AreNotLookedForOutsideOfTheirDirectory(t *testing.T) {
	charts := t.TempDir()
	inner := filepath.Join(charts, "inner")
	if err := os.Mkdir(inner, 0o755); err != nil {
		t.Fatal(err)
	}
	writeArchive(t, charts, "bad-1.0.0.tgz", map[string]string{"bad/Chart.yaml": packedYAML})
	f := newFixture(t, Options{Offline: true, Charts: inner}, nil)
	for _, source := range []appset.Source{
		{Chart: "../bad", TargetRevision: "1.0.0"},
		{Chart: "..", TargetRevision: "1.0.0"},
		{Chart: "x", TargetRevision: "/../../bad-1.0.0"},
	} {
		source.RepoURL = "https://charts.example.com"
		if _, err := f.render(application("orders", source), Cluster{}); err == nil {
			t.Errorf("%s %s should not be found", source.Chart, source.TargetRevision)
		}
	}
}
