package appset

import (
	"fmt"
	"strings"
)

// hasValues are the generators with `values` that the tree alone decides; they are filled in with the generator's own parameters.
var hasValues = map[string]bool{"clusters": true, "git": true}

// replaceGenerator fills in a generator with the parameters of a matrix's first generator. A value that needs a parameter that is
// not among them is left for the generator's own.
func (s style) replaceGenerator(kind string, spec, outer map[string]any) (map[string]any, error) {
	out := make(map[string]any, len(spec))
	for _, key := range sortedKeys(spec) {
		filled, err := s.replaceField(kind, key, spec[key], outer)
		if err != nil {
			return nil, err
		}
		out[key] = filled
	}
	return out, nil
}

func (s style) replaceField(kind, key string, value any, outer map[string]any) (any, error) {
	switch v := value.(type) {
	case map[string]any:
		if key == "values" && hasValues[kind] {
			return s.replaceEarly(v, outer)
		}
	case []any:
		if key == "generators" && (kind == "matrix" || kind == "merge") {
			return s.replaceNested(v, outer)
		}
	}
	return s.replaceAll(value, outer)
}

// replaceEarly fills in what can be filled in already; keys stay as they are.
func (s style) replaceEarly(values, outer map[string]any) (map[string]any, error) {
	strict := s.strict()
	out := make(map[string]any, len(values))
	for _, key := range sortedKeys(values) {
		text := fmt.Sprint(values[key])
		filled, err := strict.replace(text, outer)
		switch {
		case err == nil:
			out[key] = filled
		case isMissingKey(err):
			out[key] = text
		default:
			return nil, fmt.Errorf("failed to pre-resolve Values key %q: %w", key, err)
		}
	}
	return out, nil
}

func (s style) replaceNested(items []any, outer map[string]any) ([]any, error) {
	out := make([]any, len(items))
	for i, item := range items {
		nested, ok := item.(map[string]any)
		if !ok {
			out[i] = item
			continue
		}
		filled := make(map[string]any, len(nested))
		for _, kind := range sortedKeys(nested) {
			spec, isMap := nested[kind].(map[string]any)
			var err error
			if isMap {
				filled[kind], err = s.replaceGenerator(kind, spec, outer)
			} else {
				filled[kind], err = s.replaceAll(nested[kind], outer)
			}
			if err != nil {
				return nil, err
			}
		}
		out[i] = filled
	}
	return out, nil
}

// strict is the style in which every missing parameter is an error.
func (s style) strict() style {
	if !s.goTemplate {
		return s
	}
	options := make([]string, 0, len(s.options)+1)
	for _, option := range s.options {
		if !strings.HasPrefix(option, "missingkey=") {
			options = append(options, option)
		}
	}
	s.options = append(options, "missingkey=error")
	return s
}

// isMissingKey reads the message, as the controller does.
func isMissingKey(err error) bool {
	return strings.Contains(err.Error(), "map has no entry for key") || strings.Contains(err.Error(), "can't evaluate field")
}
