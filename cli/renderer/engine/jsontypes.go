package engine

// jsonTypes turns whole numbers into what a JSON decoder gives, as the controller reads its objects.
func jsonTypes(object map[string]any) map[string]any {
	return convert(object).(map[string]any)
}

func convert(value any) any {
	switch v := value.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, item := range v {
			out[key] = convert(item)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = convert(v[i])
		}
		return out
	case int64:
		return float64(v)
	default:
		return value
	}
}
