package planner

import (
	"bytes"
	"maps"
	"path"
	"slices"
	"sync"
	"unicode"

	"onebranch.dev/renderer/appset"
	"onebranch.dev/renderer/chart"
	"onebranch.dev/renderer/manifest"
)

// Argo CD tells Helm which API versions the cluster serves, including those of CRDs that other Applications of the
// cluster deploy. So Applications that may make CRDs are rendered first, as in a cluster without any CRDs; charts that
// ask for API versions are rendered afterwards. How a chart uses the text of `Capabilities` cannot be seen beforehand. So
// every chart that contains the word counts as one that asks, unless it only wants the version of Kubernetes or Helm.

// mention says which of the two words a source's files contain.
type mention struct{ asks, makesCRDs bool }

var (
	capabilities = []byte("Capabilities")
	crdKind      = []byte("CustomResourceDefinition")
)

func mentionOf(data []byte) mention {
	return mention{asksFor(data), bytes.Contains(data, crdKind)}
}

// asksFor holds for a text that may read the API versions. A longer word, such as the name of a value, is another one.
func asksFor(data []byte) bool {
	for {
		at := bytes.Index(data, capabilities)
		if at < 0 {
			return false
		}
		longer := at > 0 && unicode.IsLetter(rune(data[at-1]))
		data = data[at+len(capabilities):]
		if !longer && !bytes.HasPrefix(data, []byte(".KubeVersion")) && !bytes.HasPrefix(data, []byte(".HelmVersion")) {
			return true
		}
	}
}

func (m mention) and(other mention) mention {
	return mention{m.asks || other.asks, m.makesCRDs || other.makesCRDs}
}

// blobMention searches each content once.
func (e *Planner) blobMention(oid string, data []byte) mention {
	if known, ok := e.mentions.Load(oid); ok {
		return known.(mention)
	}
	m := mentionOf(data)
	e.mentions.Store(oid, m)
	return m
}

// mentionOfSource searches the files of a source. It does not pull a chart for this: a chart that is not available
// locally counts as one that asks, and which CRDs it has is unknown.
func (e *Planner) mentionOfSource(t *loaded, source *appset.Source) mention {
	key := "remote " + source.RepoURL + " " + source.Chart + " " + source.TargetRevision
	if source.Chart == "" {
		if sameRepository(t, source) != nil {
			return mention{}
		}
		for _, dir := range dirsOf(source) {
			hash, err := t.hashOfChart(dir)
			if err != nil {
				return mention{}
			}
			key += hash
		}
	}
	if known, ok := e.mentions.Load(key); ok {
		return known.(mention)
	}
	m := mention{asks: true}
	if source.Chart == "" {
		m = mention{}
		for _, dir := range append(dirsOf(source), t.dependencies(source.Path)...) {
			m = m.and(e.mentionOfDirectory(t, dir))
		}
	} else if data := e.charts.atHand(source); data != nil {
		if loaded, err := chart.LoadArchive(chartLabel(source), data); err == nil {
			m = mention{}
			for _, file := range loaded.Raw {
				m = m.and(mentionOf(file.Data))
			}
		}
	}
	e.mentions.Store(key, m)
	return m
}

func (e *Planner) mentionOfDirectory(t *loaded, dir string) mention {
	files, err := t.Walk(dir, nil)
	if err != nil {
		return mention{}
	}
	m := mention{}
	for _, file := range files {
		if kustomizations[path.Base(file.Name)] {
			// A kustomization may take its resources from anywhere in the tree.
			m.makesCRDs = true
		}
		data, err := t.Content(file.Entry)
		if err != nil {
			// Files outside gitops/ are sent only when a render needs them; until then they may contain anything.
			return mention{asks: true, makesCRDs: true}
		}
		m = m.and(e.blobMention(file.Entry.OID, data))
	}
	return m
}

// atHand returns a packed chart if that needs no access to its repository.
func (s *chartStore) atHand(source *appset.Source) []byte {
	for _, candidate := range s.candidates(source) {
		if data, err := readArchive(candidate, s.limits.bytes); err == nil {
			return data
		}
	}
	return nil
}

// served is what the Applications of one cluster add to its API versions.
type served struct {
	versions func() ([]string, error)
}

type servedKey struct {
	tree    *loaded
	cluster string
}

// serve records which Applications a cluster has on a tree.
func (e *Planner) serve(t *loaded, c *Cluster, apps []*Expanded) {
	first := *c
	first.firstPass = true
	e.served.Store(servedKey{t, c.Name}, &served{sync.OnceValues(func() ([]string, error) {
		found := map[string]bool{}
		for _, app := range apps {
			if !e.makesCRDs(t, app) {
				continue
			}
			out, err := e.render(t, &first, app)
			if _, missing := isMissing(err); missing {
				return nil, err
			}
			if err != nil {
				// A failed render adds nothing to the cluster either; it is reported when that Application is rendered
				// for an answer.
				continue
			}
			for _, r := range out.Resources {
				addServed(found, r)
			}
		}
		return slices.Sorted(maps.Keys(found)), nil
	})})
}

func (e *Planner) makesCRDs(t *loaded, app *Expanded) bool {
	return slices.ContainsFunc(sourcesOf(app.Application), func(s *appset.Source) bool { return e.mentionOfSource(t, s).makesCRDs })
}

func (e *Planner) asks(t *loaded, app *Expanded) bool {
	return slices.ContainsFunc(sourcesOf(app.Application), func(s *appset.Source) bool { return e.mentionOfSource(t, s).asks })
}

// addServed adds the API versions that a CRD defines.
func addServed(found map[string]bool, r *manifest.Resource) {
	if r.Kind != "CustomResourceDefinition" {
		return
	}
	spec, _ := r.Object()["spec"].(map[string]any)
	names, _ := spec["names"].(map[string]any)
	group, _ := spec["group"].(string)
	kind, _ := names["kind"].(string)
	versions, _ := spec["versions"].([]any)
	for _, item := range versions {
		version, _ := item.(map[string]any)
		name, _ := version["name"].(string)
		if on, _ := version["served"].(bool); on && group != "" && kind != "" && name != "" {
			found[group+"/"+name] = true
			found[group+"/"+name+"/"+kind] = true
		}
	}
}

// apiVersions returns the API versions that Argo CD passes to Helm for a cluster.
func (e *Planner) apiVersions(t *loaded, c *Cluster, kubeVersion string) ([]string, error) {
	out := append(slices.Clone(c.APIVersions), chart.BuiltIn(kubeVersion)...)
	if c.firstPass {
		return out, nil
	}
	known, ok := e.served.Load(servedKey{t, c.Name})
	if !ok {
		return out, nil
	}
	more, err := known.(*served).versions()
	if err != nil {
		return nil, err
	}
	return append(out, more...), nil
}

// valuesAsk holds for values whose text may ask for API versions in a `tpl`.
func (e *Planner) valuesAsk(j *job) bool {
	for _, v := range j.values {
		if e.blobMention(v.oid, v.data).asks {
			return true
		}
	}
	for _, p := range j.parameters {
		if asksFor([]byte(p.Value)) {
			return true
		}
	}
	return false
}
