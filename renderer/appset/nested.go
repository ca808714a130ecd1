package appset

import (
	"errors"
	"fmt"
	"strings"
	"text/template"

	"onebranch.dev/renderer/bound"
)

// maxNesting is how deep the controller lets texts of `tpl` call `tpl`.
const maxNesting = 3

// notBound takes the place of `tpl` while a text is parsed.
func notBound(string, any) (string, error) { return "", errors.New("tpl is not bound to a template") }

// executable returns the template with a `tpl` of its own: how deep it is called is counted for each execution.
func (t *parsedText) executable(budget *bound.Budget) (*template.Template, error) {
	if !t.nests {
		return t.Template, nil
	}
	own, err := t.Clone()
	if err != nil {
		return nil, fmt.Errorf("failed to clone base template: %w", err)
	}
	return own.Funcs(template.FuncMap{"tpl": nestedIn(own, budget)}), nil
}

// nestedIn is `tpl`: it fills in a text with the functions, options and definitions of the template that calls it.
func nestedIn(parent *template.Template, budget *bound.Budget) func(string, any) (string, error) {
	depth := 0
	return func(text string, values any) (string, error) {
		depth++
		defer func() { depth-- }()
		if depth > maxNesting {
			return "", fmt.Errorf("maximum recursion depth %d exceeded in tpl function", maxNesting)
		}
		t, err := parent.Clone()
		if err != nil {
			return "", fmt.Errorf("cannot clone template: %w", err)
		}
		if t, err = t.New(parent.Name()).Parse(text); err != nil {
			return "", fmt.Errorf("cannot parse template %q: %w", text, err)
		}
		bound.Interruptible(t)
		out := bound.Writer{Budget: budget}
		if err := t.Execute(&out, values); err != nil {
			return "", fmt.Errorf("error during tpl function execution for %q: %w", text, err)
		}
		return strings.ReplaceAll(out.String(), "<no value>", ""), nil
	}
}
