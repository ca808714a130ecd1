package appset

import (
	"encoding/json"
	"fmt"
	"strings"
)

// filler makes Applications of one template. Fixed strings are told apart from templated ones once, so that an
// Application costs only its own templated strings.
type filler struct {
	style
	template map[string]any
	// plain is the template as an Application, used where no parameter can matter.
	plain bool
}

func newFiller(s style, template map[string]any) *filler {
	data, _ := json.Marshal(template)
	return &filler{style: s, template: template, plain: !strings.Contains(string(data), "{{")}
}

func (f *filler) fill(params map[string]any, finalizer bool) (*Application, error) {
	filled := any(f.template)
	// The controller leaves the template alone when a generator gives no parameters at all.
	if len(params) > 0 && !f.plain {
		var err error
		if filled, err = f.replaceAll(f.template, params); err != nil {
			return nil, err
		}
	}
	app := &Application{}
	if err := into(filled, app); err != nil {
		return nil, fmt.Errorf("the filled-in template is not an Application: %w", err)
	}
	app.APIVersion, app.Kind = "argoproj.io/v1alpha1", "Application"
	if len(params) > 0 && finalizer && len(app.Metadata.Finalizers) == 0 {
		app.Metadata.Finalizers = []string{resourcesFinalizer}
	}
	return app, nil
}
