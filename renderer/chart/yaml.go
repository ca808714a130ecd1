package chart

import (
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"

	yamlv2 "go.yaml.in/yaml/v2"
	"helm.sh/helm/v4/pkg/chart/common"
)

// plainYAML converts a value to what the YAML encoder would get after a detour through JSON; false if only the detour
// itself can tell.
func plainYAML(value any) (any, bool) {
	switch v := value.(type) {
	case nil, bool:
		return v, true
	case string:
		return v, isPlainText(v)
	case int:
		return v, true
	case int64:
		return int(v), true
	case float64:
		if v != math.Trunc(v) || math.Abs(v) >= 1e15 || v == 0 && math.Signbit(v) {
			return nil, false
		}
		return int(v), true
	case common.Values:
		return plainYAML(map[string]any(v))
	case map[string]any:
		if v == nil {
			return nil, true
		}
		out := make(map[any]any, len(v))
		for key, item := range v {
			plain, ok := plainYAML(item)
			if !ok || !isPlainText(key) {
				return nil, false
			}
			out[key] = plain
		}
		return out, true
	case []any:
		if v == nil {
			return nil, true
		}
		out := make([]any, len(v))
		for i := range v {
			plain, ok := plainYAML(v[i])
			if !ok {
				return nil, false
			}
			out[i] = plain
		}
		return out, true
	default:
		return nil, false
	}
}

// isPlainText holds for text that JSON and YAML preserve.
func isPlainText(text string) bool {
	for i, r := range text {
		switch {
		case r >= 0x20 && r < 0x7f || r == '\n' || r == '\t':
		case r < 0xa0 || r == 0xfeff || r == 0x2028 || r == 0x2029 || r > 0xfffd:
			return false
		case r == utf8.RuneError:
			if _, size := utf8.DecodeRuneInString(text[i:]); size == 1 {
				return false
			}
		}
	}
	return true
}

// decodeObject reads YAML into JSON types with whole numbers as int64, like converting it to JSON and reading that.
func decodeObject(text string) (any, error) {
	var raw any
	if err := yamlv2.Unmarshal([]byte(text), &raw); err != nil {
		return nil, fmt.Errorf("error converting YAML to JSON: %w", err)
	}
	return jsonValue(raw)
}

func jsonValue(raw any) (any, error) {
	switch v := raw.(type) {
	case nil, bool, string, int64:
		return v, nil
	case int:
		return int64(v), nil
	case uint64:
		if v <= math.MaxInt64 {
			return int64(v), nil
		}
		return float64(v), nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("json: unsupported value: %v", v)
		}
		if v == math.Trunc(v) && math.Abs(v) < 1e21 {
			// JSON writes the shortest digits that represent this number, and these are read as a whole number.
			if whole, err := strconv.ParseInt(strconv.FormatFloat(v, 'f', -1, 64), 10, 64); err == nil {
				return whole, nil
			}
		}
		return v, nil
	case []any:
		out := make([]any, len(v))
		for i := range v {
			item, err := jsonValue(v[i])
			if err != nil {
				return nil, err
			}
			out[i] = item
		}
		return out, nil
	case map[any]any:
		out := make(map[string]any, len(v))
		for key, value := range v {
			name, err := jsonKey(key)
			if err != nil {
				return nil, err
			}
			if out[name], err = jsonValue(value); err != nil {
				return nil, err
			}
		}
		return out, nil
	default:
		return nil, fmt.Errorf("a value of type %T is not known to JSON", raw)
	}
}

// jsonKey writes keys that are not texts, as sigs.k8s.io/yaml does.
func jsonKey(key any) (string, error) {
	switch k := key.(type) {
	case string:
		return k, nil
	case int:
		return strconv.Itoa(k), nil
	case int64:
		return strconv.FormatInt(k, 10), nil
	case float64:
		text := strconv.FormatFloat(k, 'g', -1, 32)
		switch text {
		case "+Inf":
			text = ".inf"
		case "-Inf":
			text = "-.inf"
		case "NaN":
			text = ".nan"
		}
		return text, nil
	case bool:
		return strconv.FormatBool(k), nil
	default:
		return "", fmt.Errorf("unsupported map key of type: %T, key: %+#v", key, key)
	}
}
