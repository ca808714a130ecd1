package planner

import (
	"encoding/json"
	"errors"
	"slices"
	"sort"
	"sync"

	"onebranch.dev/renderer/admission"
	"onebranch.dev/renderer/appset"
	"onebranch.dev/renderer/manifest"
	"onebranch.dev/renderer/tree"
)

// Expand evaluates the ApplicationSets of some clusters on a tree.
func (e *Planner) Expand(name string, clusters []Cluster) (*Expansion, error) {
	t, err := e.tree(name)
	if err != nil {
		return nil, err
	}
	parts, err := e.expandAll(t, clusters, nil)
	if err != nil {
		return nil, err
	}
	out := joined(parts)
	e.forEach(len(out.Applications), func(i int) { out.Applications[i].Invalid = out.Applications[i].invalid() })
	return out, nil
}

// expandAll expands clusters in parallel. known may be nil; otherwise it may already have an answer for a cluster.
func (e *Planner) expandAll(t *loaded, clusters []Cluster, known func(c *Cluster) *Expansion) ([]*expansion, error) {
	parts := make([]*expansion, len(clusters))
	faults := make([]error, len(clusters))
	e.forEach(len(clusters), func(i int) {
		if known != nil {
			if found := known(&clusters[i]); found != nil {
				parts[i] = &expansion{Expansion: found}
				e.serve(t, &clusters[i], found.Applications)
				return
			}
		}
		if parts[i], faults[i] = e.expandOnce(t, &clusters[i]); faults[i] == nil {
			e.serve(t, &clusters[i], parts[i].Applications)
		}
	})
	if err := errors.Join(faults...); err != nil {
		return nil, firstMissing(faults, err)
	}
	return parts, nil
}

func joined(parts []*expansion) *Expansion {
	out := &Expansion{Applications: []*Expanded{}, Sets: []ExpandedSet{}, Errors: []Problem{}, NotEvaluated: []Problem{}}
	for _, part := range parts {
		out.Applications = append(out.Applications, part.Applications...)
		out.Sets = append(out.Sets, part.Sets...)
		out.Errors = append(out.Errors, part.Errors...)
		out.NotEvaluated = append(out.NotEvaluated, part.NotEvaluated...)
	}
	return out
}

// firstMissing returns the first missing content, so that the client can send it instead of the request failing.
func firstMissing(faults []error, other error) error {
	for _, err := range faults {
		var missing *tree.MissingBlob
		if errors.As(err, &missing) {
			return missing
		}
	}
	return other
}

// expandOnce expands a cluster, or reuses the result of an earlier request: `check` asks for Applications, then for
// manifests.
func (e *Planner) expandOnce(t *loaded, c *Cluster) (*expansion, error) {
	key, ok := e.clusterKey(t, c)
	if known, found := t.expansions.Load(key); ok && found {
		return known.(*expansion), nil
	}
	x, err := e.expandCluster(t, c)
	if err == nil && ok {
		t.expansions.Store(key, x)
	}
	return x, err
}

func (e *Planner) expandCluster(t *loaded, c *Cluster) (*expansion, error) {
	judge, err := e.policy.Judge(c.Scope)
	if err != nil {
		return nil, err
	}
	x := &expansion{
		Expansion: &Expansion{},
		planner:   e, tree: t, cluster: c, judge: judge, projects: map[string]*manifest.Resource{},
		inputs: &appset.Inputs{Tree: t.Tree, RepoURL: t.repoURL, Revision: t.revision, Clusters: c.Secrets, Files: e.files, Reads: &appset.Reads{}, Time: e.limits.Time},
	}
	for _, root := range c.Roots {
		x.expand("", root, c.Projects)
	}
	x.holders = slices.Clone(x.Applications)
	for _, app := range x.holders {
		if app.invalid() == "" {
			if err := x.children(app); err != nil {
				return nil, err
			}
		}
	}
	for _, app := range x.Applications {
		app.project = x.projects[app.Application.Spec.Project]
	}
	x.collide()
	sort.SliceStable(x.Applications, func(i, j int) bool { return x.Applications[i].Name < x.Applications[j].Name })
	return x, x.missing
}

// expansion is the work on one cluster.
type expansion struct {
	*Expansion
	planner *Planner
	tree    *loaded
	cluster *Cluster
	inputs  *appset.Inputs
	judge   *admission.Judge
	// projects are the AppProjects that the tree makes.
	projects map[string]*manifest.Resource
	// holders are the Applications whose manifests hold ApplicationSets.
	holders []*Expanded
	missing error
}

func (x *expansion) expand(parent string, object map[string]any, projects []string) {
	var set appset.Set
	var apps []appset.Generated
	running.while("the ApplicationSet "+appset.NameOf(object), func() {
		set, apps = appset.Expand(object, x.inputs, projects)
	})
	if set.Missing != nil {
		x.missing = set.Missing
	}
	x.Sets = append(x.Sets, ExpandedSet{x.cluster.Name, parent, set})
	for _, app := range apps {
		x.add(app, app.Application)
	}
}

// add records an Application; written is the object that the API server is asked to store.
func (x *expansion) add(g appset.Generated, written any) {
	origins := g.Files
	if origins == nil {
		origins = []string{}
	}
	judge := x.judge
	makers, requirements := splitSources(x.tree, g.Application)
	x.Applications = append(x.Applications, &Expanded{
		Cluster: x.cluster.Name, Name: g.Application.Metadata.Name, Set: g.Set, Application: g.Application,
		Invalid: g.Invalid, Origins: origins,
		ValueFiles: valueFiles(x.tree, g.Application, makers), Required: valueFiles(x.tree, g.Application, requirements),
		refusal: sync.OnceValue(func() string { return judge.Refusal(written) }),
	})
}

// children expands the ApplicationSets, and adds the Applications, that an Application of Pulumi's deploys.
func (x *expansion) children(app *Expanded) error {
	render, err := x.planner.render(x.tree, x.cluster, app)
	switch {
	case isNotEvaluated(err):
		x.NotEvaluated = append(x.NotEvaluated, Problem{x.cluster.Name, app.Name, err.Error()})
		return nil
	case err != nil:
		var missing *tree.MissingBlob
		if errors.As(err, &missing) {
			return err
		}
		x.Errors = append(x.Errors, Problem{x.cluster.Name, app.Name, err.Error()})
		return nil
	}
	resources, err := render.resources()
	if err != nil {
		return err
	}
	projects := slices.Clone(x.cluster.Projects)
	for _, r := range resources {
		if r.Kind == "AppProject" && manifest.Group(r.Object()) == "argoproj.io" {
			projects = append(projects, r.Name)
			x.projects[r.Name] = r
		}
	}
	for _, r := range resources {
		if manifest.Group(r.Object()) != "argoproj.io" {
			continue
		}
		switch r.Kind {
		case "ApplicationSet":
			x.expand(app.Name, jsonTypes(r.Object()), projects)
		case "Application":
			child := &appset.Application{}
			if err := json.Unmarshal(r.JSON(), child); err != nil {
				x.Errors = append(x.Errors, Problem{x.cluster.Name, r.Name, err.Error()})
				continue
			}
			x.add(appset.Generated{Application: child}, r.Object())
		}
	}
	return nil
}

// collide finds names that several sets make. The controller leaves the Application to its first owner.
func (x *expansion) collide() {
	makers := map[string][]string{}
	for _, app := range x.Applications {
		if !slices.Contains(makers[app.Name], app.Set) {
			makers[app.Name] = append(makers[app.Name], app.Set)
		}
	}
	for _, app := range x.Applications {
		for _, set := range makers[app.Name] {
			if set != app.Set {
				app.Collides = append(app.Collides, set)
			}
		}
	}
}

func valueFiles(t *loaded, app *appset.Application, sources []*appset.Source) []ValueFile {
	out := []ValueFile{}
	for _, source := range sources {
		if source.Helm == nil {
			continue
		}
		env := newEnvironment(t, app, source)
		for _, file := range valueFilesOf(t, app, source, env) {
			if file.fault != nil {
				out = append(out, ValueFile{Path: file.name})
				continue
			}
			_, entry, err := t.Resolve(file.path)
			out = append(out, ValueFile{Path: file.path, Exists: err == nil && entry != nil})
		}
	}
	return out
}
