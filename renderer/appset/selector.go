package appset

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
)

// requirement is one condition of a label selector, over flattened parameters or labels.
type requirement struct {
	key, operator string
	values        []string
}

// selector is nil when everything matches.
type selector []requirement

// parseSelector reads a label selector. Values may be any text, unlike in Kubernetes' own selectors: server URLs are
// matched too.
func parseSelector(value any) (selector, error) {
	spec, ok := value.(map[string]any)
	if value != nil && !ok {
		return nil, fmt.Errorf("error parsing label selector: it must be a map")
	}
	var out selector
	labels, _ := spec["matchLabels"].(map[string]any)
	for _, key := range sortedKeys(labels) {
		out = append(out, requirement{key, "In", []string{fmt.Sprint(labels[key])}})
	}
	expressions, _ := spec["matchExpressions"].([]any)
	for _, item := range expressions {
		e, ok := item.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("error parsing label selector: matchExpressions must be a list of maps")
		}
		r := requirement{key: text(e["key"]), operator: text(e["operator"])}
		list, _ := e["values"].([]any)
		for _, v := range list {
			r.values = append(r.values, fmt.Sprint(v))
		}
		out = append(out, r)
	}
	for _, r := range out {
		if err := r.check(); err != nil {
			return nil, fmt.Errorf("error parsing label selector: %w", err)
		}
	}
	return out, nil
}

func (r requirement) check() error {
	if faults := validation.IsQualifiedName(r.key); len(faults) > 0 {
		return fmt.Errorf("key: Invalid value: %q: %s", r.key, strings.Join(faults, "; "))
	}
	switch r.operator {
	case "In", "NotIn":
		if len(r.values) == 0 {
			return fmt.Errorf("values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty")
		}
	case "Exists", "DoesNotExist":
		if len(r.values) != 0 {
			return fmt.Errorf("values: Invalid value: %v: values set must be empty for exists and does not exist", r.values)
		}
	default:
		return fmt.Errorf("%q is not a valid pod selector operator", r.operator)
	}
	return nil
}

func (s selector) matches(labels map[string]string) bool {
	for _, r := range s {
		value, has := labels[r.key]
		switch r.operator {
		case "In":
			if !has || !slices.Contains(r.values, value) {
				return false
			}
		case "NotIn":
			if has && slices.Contains(r.values, value) {
				return false
			}
		case "Exists":
			if !has {
				return false
			}
		case "DoesNotExist":
			if has {
				return false
			}
		}
	}
	return true
}

func text(value any) string {
	s, _ := value.(string)
	return s
}
