package appset

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"k8s.io/apimachinery/pkg/util/validation"

	"onebranch.dev/renderer/bound"
	"onebranch.dev/renderer/tree"
)

// resourcesFinalizer makes Argo CD delete what an Application deployed when the Application is deleted.
const resourcesFinalizer = "resources-finalizer.argocd.argoproj.io"

// Set is one ApplicationSet and the result of its expansion.
type Set struct {
	Name string `json:"name"`
	// ApplicationsSync and PreserveResourcesOnDeletion say whether a shrinking generator deletes anything.
	ApplicationsSync            string `json:"applicationsSync"`
	PreserveResourcesOnDeletion bool   `json:"preserveResourcesOnDeletion"`
	// Error is what the controller would report. It then creates, changes and deletes nothing of this set.
	Error string `json:"error,omitempty"`
	// NotEvaluated is why the set cannot be expanded offline.
	NotEvaluated string `json:"notEvaluated,omitempty"`
	Applications int    `json:"applications"`
	// Missing is set when a file's content has to be sent before the set can be expanded.
	Missing error `json:"-"`
}

// Generated is an Application that a set makes, or the reason why the controller refuses it.
type Generated struct {
	Application *Application
	Set         string
	Invalid     string
	// Files are the files of the tree that its parameters were read from.
	Files []string
}

// NameOf is the name of an ApplicationSet.
func NameOf(object map[string]any) string {
	meta, _ := object["metadata"].(map[string]any)
	return text(meta["name"])
}

// Expand evaluates one ApplicationSet. Projects are the AppProjects of the same Argo CD.
func Expand(object map[string]any, inputs *Inputs, projects []string) (Set, []Generated) {
	meta, _ := object["metadata"].(map[string]any)
	spec, _ := object["spec"].(map[string]any)
	set := Set{Name: NameOf(object), ApplicationsSync: "sync"}
	policy, _ := spec["syncPolicy"].(map[string]any)
	if sync := text(policy["applicationsSync"]); sync != "" {
		set.ApplicationsSync = sync
	}
	set.PreserveResourcesOnDeletion, _ = policy["preserveResourcesOnDeletion"].(bool)

	namespace := text(meta["namespace"])
	apps, err := generateApplications(spec, set, namespace, inputs, projects)
	var unknown *NotEvaluated
	var missing *tree.MissingBlob
	var limit *bound.LimitError
	switch {
	case errors.As(err, &missing):
		set.Missing = missing
		return set, nil
	case errors.As(err, &limit):
		set.Error = fmt.Sprintf("it was stopped: %s (at most %s for each ApplicationSet)", limit, inputs.Time)
		return set, nil
	case errors.As(err, &unknown):
		set.NotEvaluated = err.Error()
		return set, nil
	case err != nil:
		set.Error = err.Error()
		return set, nil
	}
	set.Applications = len(apps)
	return set, validate(set, apps, inputs, projects)
}

func generateApplications(spec map[string]any, set Set, namespace string, inputs *Inputs, projects []string) ([]Generated, error) {
	template, err := normalTemplate(spec["template"])
	if err != nil {
		return nil, fmt.Errorf("spec.template: %w", err)
	}
	g := &generator{source: inputs}
	if inputs.Time > 0 {
		g.deadline = time.Now().Add(inputs.Time)
	}
	g.goTemplate, _ = spec["goTemplate"].(bool)
	options, _ := spec["goTemplateOptions"].([]any)
	for _, option := range options {
		g.options = append(g.options, text(option))
	}
	fixed, _ := template["spec"].(map[string]any)
	if g.project = text(fixed["project"]); isPlain(g.project) && !slices.Contains(projects, g.project) {
		if usesGit(spec["generators"]) {
			return nil, fmt.Errorf("error getting project %s: the AppProject does not exist", g.project)
		}
	}
	patch, _ := spec["templatePatch"].(string)
	items, _ := spec["generators"].([]any)
	var apps []Generated
	for _, item := range items {
		m, _ := item.(map[string]any)
		if !hasKind(m) {
			return nil, &NotEvaluated{fmt.Sprintf("ApplicationSet %s contains unrecognized generators", set.Name)}
		}
		results, err := g.transform(m, template, nil, 0)
		if err != nil {
			return nil, err
		}
		for _, r := range results {
			filler := newFiller(g.style, r.template)
			for _, item := range r.params {
				params := item.params
				app, err := filler.fill(params, !set.PreserveResourcesOnDeletion)
				if err != nil {
					return nil, err
				}
				if patch != "" {
					if app, err = g.applyPatch(app, patch, params); err != nil {
						return nil, err
					}
				}
				app.Metadata.Namespace = namespace
				normalize(app)
				apps = append(apps, Generated{Application: app, Set: set.Name, Files: item.files})
			}
		}
	}
	return apps, nil
}

func isPlain(project string) bool {
	return !templated.MatchString(project)
}

func hasKind(item map[string]any) bool {
	for _, kind := range kinds {
		if item[kind] != nil {
			return true
		}
	}
	return false
}

// usesGit reports whether a list of generators contains a git generator at any depth. Only git generators look at the
// project.
func usesGit(value any) bool {
	list, _ := value.([]any)
	for _, item := range list {
		m, _ := item.(map[string]any)
		if m["git"] != nil {
			return true
		}
		for _, kind := range []string{"matrix", "merge"} {
			inner, _ := m[kind].(map[string]any)
			if usesGit(inner["generators"]) {
				return true
			}
		}
	}
	return false
}

// normalTemplate drops unknown fields and empty ones, as the API server does when it stores the object.
func normalTemplate(value any) (map[string]any, error) {
	var typed struct {
		Metadata Metadata `json:"metadata"`
		Spec     Spec     `json:"spec"`
	}
	if err := into(value, &typed); err != nil {
		return nil, err
	}
	out := map[string]any{}
	return out, into(typed, &out)
}

// applyPatch fills in the template patch and merges it. The patch cannot change the project.
func (g *generator) applyPatch(app *Application, patch string, params map[string]any) (*Application, error) {
	filled, err := g.replace(patch, params)
	if err != nil {
		return nil, fmt.Errorf("error replacing values in templatePatch: %w", err)
	}
	if strings.TrimSpace(filled) == "{}" {
		// Merging nothing goes through JSON three times, and most Applications of a tree have nothing to patch.
		return app, nil
	}
	data, err := convertYAML(filled)
	if err != nil {
		return nil, fmt.Errorf("error while converting template to json %q: %w", filled, err)
	}
	if err := json.Unmarshal(data, &Application{}); err != nil {
		return nil, fmt.Errorf("invalid templatePatch %q: %w", data, err)
	}
	original, err := json.Marshal(app)
	if err != nil {
		return nil, err
	}
	merged, err := strategicpatch.StrategicMergePatch(original, data, Application{})
	if err != nil {
		return nil, fmt.Errorf("error while applying templatePatch template to json %q: %w", data, err)
	}
	out := &Application{}
	if err := json.Unmarshal(merged, out); err != nil {
		return nil, fmt.Errorf("error while unmarhsalling patched application: %w", err)
	}
	out.Spec.Project = app.Spec.Project
	return out, nil
}

// normalize does what the controller does before it writes an Application.
func normalize(app *Application) {
	spec := &app.Spec
	if spec.Project == "" {
		spec.Project = "default"
	}
	if p := spec.SyncPolicy; p != nil && p.Automated == nil && len(p.SyncOptions) == 0 && p.Retry == nil && p.ManagedNamespaceMetadata == nil {
		spec.SyncPolicy = nil
	}
	if len(spec.Sources) == 0 && spec.Source != nil {
		normalizeSource(spec.Source)
	}
	for i := range spec.Sources {
		normalizeSource(&spec.Sources[i])
	}
}

func normalizeSource(source *Source) {
	if source.Helm != nil && isZero(source.Helm) {
		source.Helm = nil
	}
	if source.Kustomize != nil && isZero(source.Kustomize) {
		source.Kustomize = nil
	}
	if source.Directory != nil && isZero(source.Directory) {
		source.Directory = nil
	}
}

func isZero(value any) bool {
	data, err := json.Marshal(value)
	return err == nil && string(data) == "{}"
}

// validate refuses what the controller refuses before it writes: no name, names used twice, missing projects, unknown destinations.
func validate(set Set, apps []Generated, inputs *Inputs, projects []string) []Generated {
	count := map[string]int{}
	for _, g := range apps {
		count[g.Application.Metadata.Name]++
	}
	for i := range apps {
		g := &apps[i]
		name, spec := g.Application.Metadata.Name, &g.Application.Spec
		switch {
		case name == "":
			g.Invalid = fmt.Sprintf("ApplicationSet %s contains an application with no name; a name must be set in the template's metadata.name or via a templatePatch (generateName is not supported)", set.Name)
		case count[name] > 1:
			g.Invalid = fmt.Sprintf("ApplicationSet %s contains applications with duplicate name: %s", set.Name, name)
		case !slices.Contains(projects, spec.Project):
			g.Invalid = fmt.Sprintf("application references project %s which does not exist", spec.Project)
		default:
			if err := inputs.checkDestination(spec.Destination); err != nil {
				g.Invalid = "application destination spec is invalid: " + err.Error()
			} else {
				g.Invalid = checkMetadata(&g.Application.Metadata)
			}
		}
	}
	return apps
}

// checkMetadata refuses what the API server refuses in any object.
func checkMetadata(m *Metadata) string {
	var faults []string
	add := func(path, value string, why []string) {
		for _, reason := range why {
			faults = append(faults, fmt.Sprintf("%s: Invalid value: %q: %s", path, value, reason))
		}
	}
	add("metadata.name", m.Name, validation.IsDNS1123Subdomain(m.Name))
	for _, key := range sortedKeys(m.Labels) {
		add("metadata.labels", key, validation.IsQualifiedName(key))
		add("metadata.labels", m.Labels[key], validation.IsValidLabelValue(m.Labels[key]))
	}
	for _, key := range sortedKeys(m.Annotations) {
		add("metadata.annotations", key, validation.IsQualifiedName(strings.ToLower(key)))
	}
	if len(faults) == 0 {
		return ""
	}
	return fmt.Sprintf("Application.argoproj.io %q is invalid: %s", m.Name, strings.Join(faults, ", "))
}
