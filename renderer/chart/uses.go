package chart

import "strings"

// Uses reports whether the manifests of a chart depend on the value at a path. It renders with other values there and
// looks for a difference or an error. values is not changed.
func (p *Prepared) Uses(values map[string]any, path []string, options Options) (bool, error) {
	options.SkipSchemaValidation = true
	if options.Limits == (Limits{}) {
		options.Limits = DefaultLimits
	}
	capabilities, err := capabilitiesOf(options)
	if err != nil {
		return false, err
	}
	plain, err := p.attempt(copyMap(values), capabilities, options, 1)
	if err != nil {
		return false, err
	}
	const probe = "onebranch-probe"
	for _, other := range []any{nil, probe, false, true, float64(7919), []any{}, []any{probe}, map[string]any{probe: probe}} {
		changed := copyMap(values)
		setAt(changed, path, other)
		made, err := p.attempt(changed, capabilities, options, 1)
		if err != nil || !sameManifests(plain.texts, made.texts) {
			return true, nil
		}
	}
	return false, nil
}

func sameManifests(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for name, text := range a {
		if other, made := b[name]; !made || other != text && !strings.HasSuffix(name, notesSuffix) {
			return false
		}
	}
	return true
}

func setAt(values map[string]any, path []string, value any) {
	for _, key := range path[:len(path)-1] {
		inner, isMap := values[key].(map[string]any)
		if !isMap {
			inner = map[string]any{}
			values[key] = inner
		}
		values = inner
	}
	values[path[len(path)-1]] = value
}
