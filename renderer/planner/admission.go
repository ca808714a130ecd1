package planner

import (
	"regexp"
	"slices"
	"strings"

	"onebranch.dev/renderer/appset"
)

// Admission is the policy that holds a cluster to its own stage, region and values: model/admission.ts writes it for the API
// server, and as this data for the renderer. A test asks a real API server whether the two judge alike.
type Admission struct {
	Labels         map[string]string `json:"labels"`
	ComponentLabel string            `json:"componentLabel"`
	Server         string            `json:"server"`
	// Bootstrap is the Application, and the project of its own, that Pulumi makes.
	Bootstrap  string   `json:"bootstrap"`
	Parameters []string `json:"parameters"`
	// ValueFiles are paths; {component} in them stands for the Application's name.
	ValueFiles []string `json:"valueFiles"`
	Reasons    struct {
		Labels      string `json:"labels"`
		Component   string `json:"component"`
		Destination string `json:"destination"`
		Project     string `json:"project"`
		Hydrator    string `json:"hydrator"`
		Inline      string `json:"inline"`
		Parameters  string `json:"parameters"`
		Files       string `json:"files"`
	} `json:"reasons"`
}

var dnsLabel = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`)

// refusal is why the API server does not take an Application, in the order of the policy's rules; empty when it does.
func (a *Admission) refusal(app *appset.Application) string {
	if a == nil {
		return ""
	}
	name, spec := app.Metadata.Name, app.Spec
	isOwn := name == a.Bootstrap
	var inline, parameters bool
	var file string
	for i := -1; i < len(spec.Sources); i++ {
		source := spec.Source
		if i >= 0 {
			source = &spec.Sources[i]
		}
		if source == nil || source.Helm == nil {
			continue
		}
		helm := source.Helm
		inline = inline || helm.Values != "" || len(helm.ValuesObject) > 0 || len(helm.FileParameters) > 0
		for _, parameter := range helm.Parameters {
			parameters = parameters || !isOwn || !slices.Contains(a.Parameters, parameter.Name)
		}
		for _, path := range helm.ValueFiles {
			if file == "" && !a.allows(path, name) {
				file = path
			}
		}
	}
	reason := ""
	switch {
	case !hasAll(app.Metadata.Labels, a.Labels):
		reason = a.Reasons.Labels
	case !dnsLabel.MatchString(name) || app.Metadata.Labels[a.ComponentLabel] != name:
		reason = a.Reasons.Component
	case spec.Destination.Server != a.Server || spec.Destination.Name != "":
		reason = a.Reasons.Destination
	case spec.Project == "" || spec.Project == "default" || (spec.Project == a.Bootstrap) != isOwn:
		reason = a.Reasons.Project
	case spec.SourceHydrator != nil:
		reason = a.Reasons.Hydrator
	case inline:
		reason = a.Reasons.Inline
	case parameters:
		reason = a.Reasons.Parameters
	case file != "":
		reason = a.Reasons.Files + ": " + file
	default:
		return ""
	}
	return "admission refuses it: " + reason
}

// allows tells whether an Application may name a value file.
func (a *Admission) allows(path, name string) bool {
	path = strings.TrimPrefix(path, "$values")
	return slices.ContainsFunc(a.ValueFiles, func(allowed string) bool {
		before, after, named := strings.Cut(allowed, "{component}")
		if !named {
			return path == allowed
		}
		return len(path) == len(before)+len(name)+len(after) &&
			strings.HasPrefix(path, before) && strings.HasSuffix(path, after) && path[len(before):len(before)+len(name)] == name
	})
}

func hasAll(labels, wanted map[string]string) bool {
	for key, value := range wanted {
		if labels[key] != value {
			return false
		}
	}
	return true
}
