package planner

// jsonTypes gives whole numbers the type that a JSON decoder gives them, since the controller reads its objects from
// JSON.
func jsonTypes(object map[string]any) map[string]any {
	return copyTree(object, func(value any) any {
		if number, is := value.(int64); is {
			return float64(number)
		}
		return value
	}).(map[string]any)
}

// copyTree copies maps and lists, and replaces every other value by what leaf returns for it.
func copyTree(value any, leaf func(any) any) any {
	switch v := value.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, item := range v {
			out[key] = copyTree(item, leaf)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = copyTree(v[i], leaf)
		}
		return out
	default:
		return leaf(value)
	}
}
