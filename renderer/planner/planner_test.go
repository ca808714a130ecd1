package planner

import (
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"onebranch.dev/renderer/appset"
	"onebranch.dev/renderer/tree"
)

const testRepo = "https://git.example.com/tree.git"

// fixture is a planner with one tree, with helpers to make and render Applications of it.
type fixture struct {
	t *testing.T
	*Planner
	tree *loaded
}

// blobID is the id that Git gives a content.
func blobID(content string) string {
	sum := sha1.Sum([]byte(fmt.Sprintf("blob %d\x00%s", len(content), content)))
	return hex.EncodeToString(sum[:])
}

func newFixture(t *testing.T, options Options, files map[string]string) *fixture {
	t.Helper()
	e := New(options)
	var entries []tree.Entry
	for path, content := range files {
		entries = append(entries, tree.Entry{Path: path, Mode: tree.ModeFile, OID: blobID(content)})
		e.PutBlob(blobID(content), []byte(content))
	}
	e.PutTree("tree", testRepo, "main", "0123456789abcdef", entries)
	loaded, err := e.tree("tree")
	if err != nil {
		t.Fatal(err)
	}
	return &fixture{t, e, loaded}
}

// chartFiles is a chart with one ConfigMap for each template text.
func chartFiles(dir string, templates ...string) map[string]string {
	files := map[string]string{dir + "/Chart.yaml": "apiVersion: v2\nname: sample\nversion: 1.0.0\n", dir + "/values.yaml": "a: 1\n"}
	for i, text := range templates {
		files[fmt.Sprintf("%s/templates/t%d.yaml", dir, i)] = text
	}
	return files
}

func configMap(name, data string) string {
	return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\ndata:\n  " + data + "\n"
}

func application(name string, source appset.Source) *Expanded {
	if source.RepoURL == "" {
		source.RepoURL, source.TargetRevision = testRepo, "main"
	}
	app := &appset.Application{}
	app.Metadata.Name = name
	app.Spec.Destination.Namespace = "apps"
	app.Spec.Source = &source
	return &Expanded{Cluster: "dev", Name: name, Application: app}
}

func (f *fixture) render(app *Expanded, cluster Cluster) (*Rendered, error) {
	if cluster.Name == "" {
		cluster.Name = "dev"
	}
	return f.Planner.render(f.tree, &cluster, app)
}

func (f *fixture) mustRender(app *Expanded, cluster Cluster) *Rendered {
	f.t.Helper()
	out, err := f.render(app, cluster)
	if err != nil {
		f.t.Fatal(err)
	}
	return out
}

// texts joins the manifests of a render.
func texts(r *Rendered) string {
	var out strings.Builder
	for _, resource := range r.Resources {
		out.Write(resource.JSON())
		out.WriteByte('\n')
	}
	return out.String()
}

func wantUnknown(t *testing.T, err error, reason string) {
	t.Helper()
	var unknown *NotEvaluated
	if !errors.As(err, &unknown) || unknown.Reason != reason {
		t.Errorf("should not be evaluated because\n  %s\nis\n  %v", reason, err)
	}
}
