package appset

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// filler makes Applications from one template.
type filler struct {
	style
	template map[string]any
	// untouched is the template for generators that give no parameters at all: the controller then does not fill it in.
	untouched map[string]any
	// typed is the template as an Application. When only the common fields are templated, it is copied and filled in
	// field by field, which is far cheaper than going through JSON. It is nil when another field is templated.
	typed *Application
	plain bool
}

func newFiller(s style, template map[string]any) *filler {
	f := &filler{style: s, template: withoutNulls(template), untouched: template, plain: !hasTags(template)}
	if len(jsonOf(f.template)) != len(jsonOf(template)) {
		return f
	}
	typed := &Application{}
	if err := into(template, typed); err != nil {
		return f
	}
	rare := *typed
	rare.Metadata = Metadata{Finalizers: typed.Metadata.Finalizers}
	rare.Spec.Project, rare.Spec.Destination, rare.Spec.Source, rare.Spec.Sources = "", Destination{}, nil, nil
	sources := append([]Source(nil), typed.Spec.Sources...)
	if typed.Spec.Source != nil {
		sources = append(sources, *typed.Spec.Source)
	}
	for i := range sources {
		s := &sources[i]
		s.RepoURL, s.Path, s.TargetRevision, s.Chart, s.Ref, s.Name = "", "", "", "", "", ""
		if s.Helm != nil {
			helm := *s.Helm
			helm.ValueFiles, helm.ReleaseName = nil, ""
			s.Helm = &helm
		}
	}
	if !hasTags(rare) && !hasTags(sources) {
		f.typed = typed
	}
	return f
}

// withoutNulls copies a template as the controller does while it fills it in: keys of valuesObject whose value is null
// are lost.
func withoutNulls(template map[string]any) map[string]any {
	spec, _ := template["spec"].(map[string]any)
	if spec == nil {
		return template
	}
	withHelm := func(source any) any {
		object, _ := source.(map[string]any)
		helm, _ := object["helm"].(map[string]any)
		if helm["valuesObject"] == nil {
			return source
		}
		helm, object = maps.Clone(helm), maps.Clone(object)
		helm["valuesObject"] = dropNulls(helm["valuesObject"])
		object["helm"] = helm
		return object
	}
	spec = maps.Clone(spec)
	if spec["source"] != nil {
		spec["source"] = withHelm(spec["source"])
	}
	if list, ok := spec["sources"].([]any); ok {
		list = slices.Clone(list)
		for i := range list {
			list[i] = withHelm(list[i])
		}
		spec["sources"] = list
	}
	out := maps.Clone(template)
	out["spec"] = spec
	return out
}

func dropNulls(value any) any {
	switch v := value.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, item := range v {
			if item != nil {
				out[key] = dropNulls(item)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = dropNulls(v[i])
		}
		return out
	default:
		return value
	}
}

func jsonOf(value any) []byte {
	data, _ := json.Marshal(value)
	return data
}

func hasTags(value any) bool {
	data, err := json.Marshal(value)
	return err != nil || strings.Contains(string(data), "{{")
}

func (f *filler) fill(params map[string]any, finalizer bool) (*Application, error) {
	app, err := f.make(params)
	if err != nil {
		return nil, err
	}
	app.APIVersion, app.Kind = "argoproj.io/v1alpha1", "Application"
	if len(params) > 0 && finalizer && len(app.Metadata.Finalizers) == 0 {
		app.Metadata.Finalizers = []string{resourcesFinalizer}
	}
	return app, nil
}

func (f *filler) make(params map[string]any) (*Application, error) {
	if f.typed != nil {
		return f.fast(params)
	}
	filled := any(f.template)
	if len(params) == 0 {
		filled = f.untouched
	} else if !f.plain {
		var err error
		if filled, err = f.replaceAll(f.template, params); err != nil {
			return nil, err
		}
	}
	app := &Application{}
	if err := into(filled, app); err != nil {
		return nil, fmt.Errorf("the filled-in template is not an Application: %w", err)
	}
	return app, nil
}

// fast copies the typed template. The copy shares the fields that are not templated, so they must not be changed.
func (f *filler) fast(params map[string]any) (*Application, error) {
	app := *f.typed
	app.Spec.Sources = slices.Clone(f.typed.Spec.Sources)
	if f.typed.Spec.Source != nil {
		source := *f.typed.Spec.Source
		app.Spec.Source = &source
	}
	if len(params) == 0 || f.plain {
		return &app, nil
	}
	var fault error
	set := func(texts ...*string) {
		for _, text := range texts {
			if fault == nil && strings.Contains(*text, "{{") {
				*text, fault = f.replace(*text, params)
			}
		}
	}
	filled := func(m map[string]string) map[string]string {
		if m == nil {
			return nil
		}
		out := make(map[string]string, len(m))
		for _, key := range slices.Sorted(maps.Keys(m)) {
			value := m[key]
			set(&value, &key)
			out[key] = value
		}
		return out
	}
	set(&app.Metadata.Name, &app.Metadata.Namespace)
	app.Metadata.Labels, app.Metadata.Annotations = filled(app.Metadata.Labels), filled(app.Metadata.Annotations)
	d := &app.Spec.Destination
	set(&app.Spec.Project, &d.Server, &d.Namespace, &d.Name)
	fillSource := func(s *Source) {
		set(&s.RepoURL, &s.Path, &s.TargetRevision, &s.Chart, &s.Ref, &s.Name)
		if s.Helm == nil {
			return
		}
		helm := *s.Helm
		helm.ValueFiles = slices.Clone(helm.ValueFiles)
		set(&helm.ReleaseName)
		for i := range helm.ValueFiles {
			set(&helm.ValueFiles[i])
		}
		s.Helm = &helm
	}
	if app.Spec.Source != nil {
		fillSource(app.Spec.Source)
	}
	for i := range app.Spec.Sources {
		fillSource(&app.Spec.Sources[i])
	}
	if fault != nil {
		return nil, fault
	}
	return &app, nil
}
