package appset

import (
	"errors"
	"fmt"

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
