package chart

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"text/template"
	"time"

	"onebranch.dev/renderer/bound"
)

// memo returns the key under which an included text may be cached. This requires that the data is a chart's whole scope,
// which lives as long as the render, and that the definitions are the chart's own.
func (i *instance) memo(t *template.Template, name string, data any) (memoKey, bool) {
	if i.texts == nil || t != i.templates {
		return memoKey{}, false
	}
	scope, ok := data.(map[string]any)
	if !ok {
		return memoKey{}, false
	}
	pointer := reflect.ValueOf(scope).Pointer()
	return memoKey{name, pointer}, i.scopes[pointer]
}

func (i *instance) run(t *template.Template, name string, data any) (string, error) {
	if time.Now().After(i.state.budget.Deadline) {
		return "", bound.ErrTooLong
	}
	out := &bound.Writer{Budget: &i.state.budget}
	err := t.ExecuteTemplate(out, name, data)
	return out.String(), err
}

// functions are those that need the running render.
func (i *instance) functions(t *template.Template) template.FuncMap {
	functions := unsteady(i.state)
	functions["required"] = func(message string, value any) (any, error) {
		if text, isText := value.(string); value == nil || isText && text == "" {
			return value, &saidError{message}
		}
		return value, nil
	}
	functions["fail"] = func(message string) (string, error) { return "", &saidError{message} }
	functions["lookup"] = func(version, kind, _, _ string) (map[string]any, error) {
		i.state.lookups[i.state.current+": "+strings.Trim(version+" "+kind, " ")] = true
		return map[string]any{}, nil
	}
	for name, function := range i.nesting(t) {
		functions[name] = function
	}
	return functions
}

// nesting returns the functions that run templates: `include` sees the definitions of the set that it is bound to.
func (i *instance) nesting(t *template.Template) template.FuncMap {
	return template.FuncMap{
		"include": func(name string, data any) (string, error) {
			key, known := i.memo(t, name, data)
			if known {
				text, hit := i.texts[key]
				if hit {
					if i.state.budget.Left -= len(text); i.state.budget.Left < 0 {
						return "", bound.ErrTooMuch
					}
					return text, nil
				}
			}
			if i.included[name] > maxIncludes {
				return "", fmt.Errorf("rendering template has a nested reference name: %s: %w", name, errors.New("unable to execute template"))
			}
			i.included[name]++
			text, err := i.run(t, name, data)
			i.included[name]--
			if known && err == nil && i.texts != nil {
				i.texts[key] = text
			}
			return text, err
		},
		"tpl": func(text string, data any) (string, error) {
			if !strings.Contains(text, "{{") {
				return withoutNoValue(text), nil
			}
			parsed, err := i.parseText(t, text)
			if err != nil {
				return "", err
			}
			out := &bound.Writer{Budget: &i.state.budget}
			if err := parsed.Execute(out, data); err != nil {
				return "", fmt.Errorf("error during tpl function execution for %q: %w", text, err)
			}
			return withoutNoValue(out.String()), nil
		},
	}
}

// parseText parses a text of `tpl` once for each set of definitions that the text can use.
func (i *instance) parseText(parent *template.Template, text string) (*template.Template, error) {
	key := tplKey{parent, text}
	if known, ok := i.parsed[key]; ok {
		i.forget(known)
		return known.Template, nil
	}
	set, err := parent.Clone()
	if err != nil {
		return nil, fmt.Errorf("cannot clone template: %w", err)
	}
	set.Option("missingkey=zero").Funcs(i.nesting(set))
	t, err := set.New(parent.Name()).Parse(text)
	if err != nil {
		return nil, fmt.Errorf("cannot parse template %q: %w", text, err)
	}
	parsed := parsedTpl{t, isPure(set)}
	bound.Interruptible(set)
	i.forget(parsed)
	i.parsed[key] = parsed
	return t, nil
}

// forget turns the cache off for the rest of the render if a text may change what was cached.
func (i *instance) forget(t parsedTpl) {
	if !t.pure {
		i.texts = nil
	}
}
