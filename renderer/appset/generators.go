package appset

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"dario.cat/mergo"
	"sigs.k8s.io/yaml"
)

// NotEvaluated says that something cannot be known without a cluster or a network.
type NotEvaluated struct{ Reason string }

func (e *NotEvaluated) Error() string { return e.Reason }

// kinds are the generators in the order in which the controller looks at the fields of one list item.
var kinds = []string{"list", "clusters", "git", "scmProvider", "clusterDecisionResource", "pullRequest", "matrix", "merge", "plugin", "oci"}

// offline are the generators that need nothing but the tree.
var offline = map[string]bool{"list": true, "clusters": true, "git": true, "matrix": true, "merge": true}

// result is what one generator gives: parameter sets and the template they fill in.
type result struct {
	params   []set
	template map[string]any
}

// set is one set of parameters, and the files of the tree that they were read from.
type set struct {
	params map[string]any
	files  []string
}

// generator is one run over one ApplicationSet.
type generator struct {
	style
	source  *Inputs
	project string
}

// transform evaluates one item of `generators`. A generator's own template is merged over base; outer holds the
// parameters of a matrix's first generator.
func (g *generator) transform(item map[string]any, base map[string]any, outer map[string]any, depth int) ([]result, error) {
	selector, err := parseSelector(item["selector"])
	if err != nil {
		return nil, err
	}
	var results []result
	for _, kind := range kinds {
		spec, present := item[kind]
		if !present || spec == nil {
			continue
		}
		if !offline[kind] {
			return nil, &NotEvaluated{fmt.Sprintf("the generator `%s` asks a service outside Git", kind)}
		}
		own, _ := spec.(map[string]any)
		if own == nil {
			return nil, fmt.Errorf("the generator `%s` must be a map", kind)
		}
		template, _ := own["template"].(map[string]any)
		merged := copyParams(template)
		fill(merged, base)

		if len(outer) > 0 {
			if own, err = g.replaceGenerator(kind, own, outer); err != nil {
				return nil, fmt.Errorf("failed to replace parameters in generator: %w", err)
			}
		}
		params, err := g.generate(kind, own, depth)
		if err != nil {
			return nil, err
		}
		if item["selector"] != nil {
			kept := make([]set, 0, len(params))
			for _, p := range params {
				if selector.matches(flatten(p.params)) {
					kept = append(kept, p)
				}
			}
			params = kept
		}
		results = append(results, result{params, merged})
	}
	return results, nil
}

func (g *generator) generate(kind string, spec map[string]any, depth int) ([]set, error) {
	switch kind {
	case "list":
		return g.list(spec)
	case "clusters":
		return g.clusters(spec)
	case "git":
		return g.git(spec)
	}
	// The controller allows matrix and merge generators two levels deep; below that, only plain generators.
	if depth >= 2 {
		return nil, fmt.Errorf("a %s generator is nested more than two levels deep", kind)
	}
	if kind == "matrix" {
		return g.matrix(spec, depth)
	}
	return g.merge(spec, depth)
}

func (g *generator) list(spec map[string]any) ([]set, error) {
	elements, _ := spec["elements"].([]any)
	params := make([]set, 0, len(elements))
	for _, item := range elements {
		element, ok := item.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("error unmarshling list element %v", item)
		}
		if !g.goTemplate {
			flat := map[string]any{}
			for _, key := range sortedKeys(element) {
				value := element[key]
				if key != "values" {
					if flat[key], ok = value.(string); !ok {
						return nil, fmt.Errorf("error parsing value as string: `%s` of a list element is not one", key)
					}
					continue
				}
				inner, isMap := value.(map[string]any)
				if !isMap {
					return nil, errors.New("error parsing values map")
				}
				for _, k := range sortedKeys(inner) {
					if flat["values."+k], ok = inner[k].(string); !ok {
						return nil, fmt.Errorf("error parsing value as string: `values.%s` of a list element is not one", k)
					}
				}
			}
			element = flat
		}
		params = append(params, set{params: element})
	}
	if more := text(spec["elementsYaml"]); more != "" {
		var list []map[string]any
		if err := yaml.Unmarshal([]byte(more), &list); err != nil {
			return nil, fmt.Errorf("error unmarshling decoded ElementsYaml %w", err)
		}
		for _, element := range list {
			params = append(params, set{params: element})
		}
	}
	return params, nil
}

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
