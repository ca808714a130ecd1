package planner

import (
	"fmt"
	"path"
	"slices"

	"onebranch.dev/renderer/appset"
)

// inert are the files with which a chart makes nothing, whatever its values.
var inert = map[string]bool{"Chart.yaml": true, "README.md": true, ".helmignore": true}

// isRequirement holds for a source that makes nothing and is there for its value files: without one of them Helm fails, and Argo CD
// leaves the Application as it is.
func isRequirement(t *loaded, source *appset.Source) bool {
	if source.Chart != "" || source.Helm == nil || len(source.Helm.ValueFiles) == 0 || sameRepository(t, source) != nil {
		return false
	}
	files := t.Children(path.Clean(source.Path))
	return slices.Contains(files, "Chart.yaml") && !slices.ContainsFunc(files, func(name string) bool { return !inert[name] })
}

// splitSources separates the sources that make something from their requirements.
func splitSources(t *loaded, app *appset.Application) (makers, requirements []*appset.Source) {
	all := sourcesOf(app)
	for _, source := range all {
		if isRequirement(t, source) {
			requirements = append(requirements, source)
		} else {
			makers = append(makers, source)
		}
	}
	if len(makers) == 0 {
		return all, nil
	}
	return makers, requirements
}

// require fails where the requirement does. The values themselves reach nothing, so they are no part of what identifies a render:
// it is shared by clusters whose required files differ.
func (e *Planner) require(t *loaded, app *appset.Application, requirement *appset.Source) error {
	j := &job{app: app, source: requirement, tree: t, env: newEnvironment(t, app, requirement)}
	if err := e.planValues(j, requirement.Helm, func(...string) {}); err != nil {
		return fmt.Errorf("a file that must be there: %w", err)
	}
	for _, file := range j.values {
		if _, err := e.parsedValues(file.oid, file.data); err != nil {
			return fmt.Errorf("failed to parse %s: %w", file.path, err)
		}
	}
	_, load, err := e.charts.find(t, requirement)
	if err == nil {
		_, err = load()
	}
	return err
}

// firstFault is what Argo CD says of an Application whose requirement fails: it renders the sources in order and stops at the first
// fault. Of a source that cannot be rendered here, only the requirement's fault is known.
func (e *Planner) firstFault(jobs []*job, key string, required error) error {
	if len(jobs) == 0 {
		return required
	}
	_, err := e.renderJobs(jobs, key)
	if err == nil || isNotEvaluated(err) {
		return required
	}
	return err
}
