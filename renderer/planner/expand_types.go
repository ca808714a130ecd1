package planner

import (
	"fmt"

	"onebranch.dev/renderer/admission"
	"onebranch.dev/renderer/appset"
	"onebranch.dev/renderer/manifest"
)

// Cluster is what a cluster's Argo CD knows before it reads Git.
type Cluster struct {
	Name string `json:"name"`
	// KubeVersion and APIVersions are what its API server reports; templates ask for them.
	KubeVersion string   `json:"kubeVersion,omitempty"`
	APIVersions []string `json:"apiVersions,omitempty"`
	// Roots are the ApplicationSets that Pulumi writes, Secrets the clusters that it registers, Projects the AppProjects
	// that it makes.
	Roots    []map[string]any `json:"roots"`
	Secrets  []appset.Cluster `json:"secrets"`
	Projects []string         `json:"projects"`
	// Scope is what the admission policy knows of the cluster; without it every Application is admitted.
	Scope admission.Scope `json:"scope,omitempty"`

	// firstPass leaves out the API versions from CRDs of the cluster's own Applications, while these are still being
	// determined.
	firstPass bool
}

// ValueFile is one entry of an Application's list of value files.
type ValueFile struct {
	// Path is the path that the file has, or would have, in the tree.
	Path   string `json:"path"`
	Exists bool   `json:"exists"`
}

// Expanded is one Application of one cluster.
type Expanded struct {
	Cluster string `json:"cluster"`
	Name    string `json:"name"`
	// Set is the ApplicationSet that made it.
	Set         string              `json:"set"`
	Application *appset.Application `json:"application"`
	// Invalid is why the controller or the API server refuses the Application. The API server's reasons are here only in
	// an answer to `expand`; all other code calls invalid().
	Invalid string `json:"invalid,omitempty"`
	// Collides names the other sets that make an Application with this name; only one of them gets it.
	Collides []string `json:"collides,omitempty"`
	// Origins are the files of the tree whose parameters a generator used for it.
	Origins []string `json:"origins"`
	// ValueFiles are those of all sources that make something, in the order in which they are merged.
	ValueFiles []ValueFile `json:"valueFiles"`
	// Required are the files without which it does not render: those of its requirements.
	Required []ValueFile `json:"required"`

	// project is its AppProject, unless that is one that Pulumi makes.
	project *manifest.Resource
	// refusal is why admission refuses it. It is evaluated only on demand, because a plan needs it for few Applications.
	refusal func() string
}

// invalid is why an Application is not written.
func (app *Expanded) invalid() string {
	if app.Invalid != "" || app.refusal == nil {
		return app.Invalid
	}
	return app.refusal()
}

// ExpandedSet is an ApplicationSet of a cluster.
type ExpandedSet struct {
	Cluster string `json:"cluster"`
	// Parent is the Application that holds the set; empty for Pulumi's own.
	Parent string `json:"parent,omitempty"`
	appset.Set
}

// Problem is why an Application cannot be rendered or applied.
type Problem struct {
	Cluster     string `json:"cluster"`
	Application string `json:"application"`
	Reason      string `json:"reason"`
}

// Expansion is everything that a tree makes in some clusters.
type Expansion struct {
	Applications []*Expanded   `json:"applications"`
	Sets         []ExpandedSet `json:"sets"`
	// Errors are Applications whose manifests hold ApplicationSets but cannot be rendered.
	Errors       []Problem `json:"errors"`
	NotEvaluated []Problem `json:"notEvaluated"`
}

func (p Problem) String() string { return fmt.Sprintf("%s/%s: %s", p.Cluster, p.Application, p.Reason) }
