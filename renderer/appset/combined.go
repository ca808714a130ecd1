package appset

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"dario.cat/mergo"
)

func (g *generator) matrix(spec map[string]any, depth int) ([]set, error) {
	items, _ := spec["generators"].([]any)
	switch {
	case len(items) < 2:
		return nil, errors.New("found less than two generators, Matrix support only two")
	case len(items) > 2:
		return nil, errors.New("found more than two generators, Matrix support only two")
	}
	first, err := g.nested(items[0], nil, depth)
	if err != nil {
		return nil, fmt.Errorf("error failed to get params for first generator in matrix generator: %w", err)
	}
	var out []set
	for _, a := range first {
		second, err := g.nested(items[1], a.params, depth)
		if err != nil {
			return nil, fmt.Errorf("failed to get params for second generator in the matrix generator: %w", err)
		}
		for _, b := range second {
			if err := g.late(); err != nil {
				return nil, err
			}
			combined, err := g.combine(a.params, b.params)
			if err != nil {
				return nil, err
			}
			out = append(out, set{combined, slices.Concat(a.files, b.files)})
		}
	}
	return out, nil
}

// combine joins one parameter set from each side of a matrix. With Go templates the first generator wins; without them
// the two must agree.
func (g *generator) combine(a, b map[string]any) (map[string]any, error) {
	if g.goTemplate {
		out := map[string]any{}
		if err := mergo.Merge(&out, copyParams(b), mergo.WithOverride); err != nil {
			return nil, fmt.Errorf("failed to merge params from the second generator in the matrix generator with temp map: %w", err)
		}
		if err := mergo.Merge(&out, copyParams(a), mergo.WithOverride); err != nil {
			return nil, fmt.Errorf("failed to merge params from the second generator in the matrix generator with the first: %w", err)
		}
		return out, nil
	}
	out := map[string]any{}
	for key, value := range a {
		out[key] = fmt.Sprintf("%v", value)
	}
	for key, value := range b {
		s := fmt.Sprintf("%v", value)
		if have, both := out[key]; both && have != s {
			return nil, fmt.Errorf("failed to combine string maps with merging params for the matrix generator: found duplicate key %s with different value, a: %s ,b: %s", key, have, s)
		}
		out[key] = s
	}
	return out, nil
}

func (g *generator) merge(spec map[string]any, depth int) ([]set, error) {
	items, _ := spec["generators"].([]any)
	if len(items) < 2 {
		return nil, errors.New("found less than two generators, Merge requires two or more")
	}
	var keys []string
	list, _ := spec["mergeKeys"].([]any)
	for _, key := range list {
		keys = append(keys, text(key))
	}
	var sets [][]set
	for i, item := range items {
		params, err := g.nested(item, nil, depth)
		if err != nil {
			return nil, fmt.Errorf("error getting param sets from generators: error getting params from generator %d of %d: %w", i+1, len(items), err)
		}
		sets = append(sets, params)
	}
	order, base, err := byMergeKey(keys, sets[0])
	if err != nil {
		return nil, err
	}
	for _, more := range sets[1:] {
		_, overrides, err := byMergeKey(keys, more)
		if err != nil {
			return nil, err
		}
		for _, key := range order {
			override, exists := overrides[key]
			if !exists {
				continue
			}
			merged := copyParams(base[key].params)
			if g.goTemplate {
				if err := mergo.Merge(&merged, copyParams(override.params), mergo.WithOverride); err != nil {
					return nil, fmt.Errorf("error merging base param set with override param set: %w", err)
				}
			} else {
				for k, v := range override.params {
					merged[k] = v
				}
			}
			base[key] = set{merged, slices.Concat(base[key].files, override.files)}
		}
	}
	out := make([]set, 0, len(order))
	for _, key := range order {
		out = append(out, base[key])
	}
	return out, nil
}

// byMergeKey indexes parameter sets by the values of the merge keys. The controller's order is random; here the
// generator's order is kept.
func byMergeKey(keys []string, sets []set) ([]string, map[string]set, error) {
	if len(keys) < 1 {
		return nil, nil, errors.New("error getting param sets by merge key: no merge keys were specified, Merge requires at least one")
	}
	var order []string
	index := make(map[string]set, len(sets))
	for _, item := range sets {
		key := make(map[string]any, len(keys))
		for _, name := range keys {
			key[name] = item.params[name]
		}
		data, err := json.Marshal(key)
		if err != nil {
			return nil, nil, fmt.Errorf("error marshalling param set key json: %w", err)
		}
		if _, twice := index[string(data)]; twice {
			return nil, nil, fmt.Errorf("error getting param sets by merge key: the parameters from a generator were not unique by the given mergeKeys, Merge requires all param sets to be unique. Duplicate key was %s", data)
		}
		order = append(order, string(data))
		index[string(data)] = item
	}
	return order, index, nil
}

// nested evaluates a generator inside a matrix or a merge. It must be of exactly one kind.
func (g *generator) nested(item any, outer map[string]any, depth int) ([]set, error) {
	spec, ok := item.(map[string]any)
	if !ok {
		return nil, errors.New("child generator generated no parameters")
	}
	results, err := g.transform(spec, nil, outer, depth+1)
	if err != nil {
		return nil, fmt.Errorf("child generator returned an error on parameter generation: %w", err)
	}
	switch len(results) {
	case 0:
		return nil, errors.New("child generator generated no parameters")
	case 1:
		return results[0].params, nil
	default:
		return nil, errors.New("found more than one generator in matrix.Generators")
	}
}
