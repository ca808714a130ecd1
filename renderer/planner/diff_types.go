package planner

import (
	"onebranch.dev/renderer/appset"
	"onebranch.dev/renderer/manifest"
)

// Side is one of the two trees of a comparison, with the clusters as that tree describes them.
type Side struct {
	Tree     string    `json:"tree"`
	Clusters []Cluster `json:"clusters"`
}

// Filter limits a comparison to some clusters and Applications; an empty list limits nothing.
type Filter struct {
	Clusters     []string `json:"clusters,omitempty"`
	Applications []string `json:"applications,omitempty"`
}

// ResourceChange is one resource of a change. Before and After are ids of documents; Fields is empty for a resource
// that appears or vanishes as a whole.
type ResourceChange struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace,omitempty"`
	Name       string `json:"name"`
	Change     string `json:"change"`
	Source     string `json:"source,omitempty"`
	// Phases are those of a hook, after the change.
	Phases []string          `json:"phases,omitempty"`
	Before string            `json:"before,omitempty"`
	After  string            `json:"after,omitempty"`
	Fields []manifest.Change `json:"fields,omitempty"`
}

// Change is one change of an Application, with all clusters where it is the same.
type Change struct {
	Application string   `json:"application"`
	Change      string   `json:"change"`
	Clusters    []string `json:"clusters"`
	// Spec is what changes in the Application itself.
	Spec      []manifest.Change `json:"spec,omitempty"`
	Resources []ResourceChange  `json:"resources"`
	// Emptied says that it makes nothing any more that Argo CD keeps in sync.
	Emptied bool `json:"emptied,omitempty"`
	// Readings say what the Application reads in each of the clusters.
	Readings []*Reading `json:"readings"`
	// Owners say which AppProjects the Application has on the head, unless they are Pulumi's.
	Owners []*Owner `json:"owners,omitempty"`
	// Renders counts the different manifests behind this change.
	Renders int `json:"renders"`
}

// Reading is what one Application reads, with the clusters where this is the same.
type Reading struct {
	Clusters []string `json:"clusters"`
	// Inputs are the files that differ between the trees.
	Inputs []InputChange `json:"inputs"`
	// Base and Head are the existing value files of each side, in the order in which they are merged.
	Base []string `json:"base"`
	Head []string `json:"head"`
}

// Owner is an AppProject and what it judges of an Application as a whole, with the clusters where this is the same.
type Owner struct {
	Clusters []string `json:"clusters"`
	// Project is the id of its manifest.
	Project      string             `json:"project"`
	Destination  appset.Destination `json:"destination"`
	Repositories []string           `json:"repositories"`
}

// InputChange is a file that differs between the trees.
type InputChange struct {
	Path   string `json:"path"`
	Change string `json:"change"`
	// Role is what the file is to the Application: values, chart, generator.
	Role string `json:"role"`
}

// Failure is an Application that cannot be rendered at all, or not offline, in some clusters.
type Failure struct {
	Application string   `json:"application"`
	Clusters    []string `json:"clusters"`
	// Side is base or head.
	Side   string `json:"side"`
	Reason string `json:"reason"`
}

// SetProblem is an ApplicationSet that fails or cannot be evaluated, and so makes nothing new.
type SetProblem struct {
	Set      string   `json:"set"`
	Clusters []string `json:"clusters"`
	Side     string   `json:"side"`
	Reason   string   `json:"reason"`
}

// Difference is the answer to a comparison.
type Difference struct {
	Changes []*Change `json:"changes"`
	// NotEvaluated are Applications whose change, or possible change, cannot be determined offline.
	NotEvaluated []*Failure `json:"notEvaluated"`
	// Failed are Applications that do not render.
	Failed      []*Failure    `json:"failed"`
	SetErrors   []*SetProblem `json:"setErrors"`
	SetsUnknown []*SetProblem `json:"setsUnknown"`
	Sets        []ExpandedSet `json:"sets"`
	Unsteady    []*Failure    `json:"unsteady"`
	Statistics  Statistics    `json:"statistics"`
}

// Statistics says how much work a comparison was.
type Statistics struct {
	Clusters     int `json:"clusters"`
	Applications int `json:"applications"`
	Changed      int `json:"changed"`
	Renders      int `json:"renders"`
}
