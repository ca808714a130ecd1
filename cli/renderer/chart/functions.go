package chart

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"text/template"

	"github.com/BurntSushi/toml"
	"github.com/Masterminds/sprig/v3"
	yamlv2 "go.yaml.in/yaml/v2"
	goyaml "go.yaml.in/yaml/v3"
	"sigs.k8s.io/yaml"
)

// helmFunctions are the template functions of Helm that need no state: Sprig's, less what reads the environment, and
// the conversions. What a conversion does with a bad value (an empty text, an `Error` key) is Helm's behaviour.
var helmFunctions = func() template.FuncMap {
	f := sprig.TxtFuncMap()
	delete(f, "env")
	delete(f, "expandenv")
	maps.Copy(f, template.FuncMap{
		"toYaml":        func(v any) string { return orEmpty(encodeYAML(v)) },
		"mustToYaml":    func(v any) (string, error) { return encodeYAML(v) },
		"toYamlPretty":  toYAMLPretty,
		"toJson":        func(v any) string { return orEmpty(encodeJSON(v)) },
		"mustToJson":    func(v any) (string, error) { return encodeJSON(v) },
		"toToml":        toTOML,
		"mustToToml":    encodeTOML,
		"fromYaml":      func(text string) map[string]any { return decodeMap(text, decodeYAML) },
		"fromJson":      func(text string) map[string]any { return decodeMap(text, decodeJSON) },
		"fromToml":      func(text string) map[string]any { return decodeMap(text, toml.Unmarshal) },
		"fromYamlArray": func(text string) []any { return decodeList(text, decodeYAML) },
		"fromJsonArray": func(text string) []any { return decodeList(text, decodeJSON) },
		"getHostByName": func(string) string { return "" },
	})
	return f
}()

func decodeYAML(data []byte, out any) error { return yaml.Unmarshal(data, out) }
func decodeJSON(data []byte, out any) error { return json.Unmarshal(data, out) }

func orEmpty(text string, err error) string {
	if err != nil {
		return ""
	}
	return text
}

// encodeYAML writes what sigs.k8s.io/yaml writes. That goes through JSON; plain values take the shorter way to the same text.
func encodeYAML(v any) (string, error) {
	if direct, ok := plainYAML(v); ok {
		data, err := yamlv2.Marshal(direct)
		return strings.TrimSuffix(string(data), "\n"), err
	}
	data, err := yaml.Marshal(v)
	return strings.TrimSuffix(string(data), "\n"), err
}

func encodeJSON(v any) (string, error) {
	data, err := json.Marshal(v)
	return string(data), err
}

func encodeTOML(v any) (string, error) {
	var out bytes.Buffer
	err := toml.NewEncoder(&out).Encode(v)
	return out.String(), err
}

func toTOML(v any) string {
	text, err := encodeTOML(v)
	if err != nil {
		return err.Error()
	}
	return text
}

func toYAMLPretty(v any) string {
	var out bytes.Buffer
	encoder := goyaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(v); err != nil {
		return ""
	}
	return strings.TrimSuffix(out.String(), "\n")
}

func decodeMap(text string, decode func([]byte, any) error) map[string]any {
	m := map[string]any{}
	if err := decode([]byte(text), &m); err != nil {
		m["Error"] = err.Error()
	}
	return m
}

func decodeList(text string, decode func([]byte, any) error) []any {
	list := []any{}
	if err := decode([]byte(text), &list); err != nil {
		return []any{err.Error()}
	}
	return list
}

// maxElements bounds lists and texts that one function call makes out of a number.
const maxElements = 1 << 20

func tooLarge(name string, n int) error {
	return fmt.Errorf("%s would make %d elements; at most %d are rendered", name, n, maxElements)
}

// bounded are Sprig's functions that make something large out of a number; the limit stands for the memory they take.
var bounded = template.FuncMap{
	"until": func(count int) ([]int, error) {
		if max(count, -count) > maxElements {
			return nil, tooLarge("until", count)
		}
		return helmFunctions["until"].(func(int) []int)(count), nil
	},
	"untilStep": func(start, stop, step int) ([]int, error) {
		if step != 0 && max((stop-start)/step, (start-stop)/step) > maxElements {
			return nil, tooLarge("untilStep", (stop-start)/step)
		}
		return helmFunctions["untilStep"].(func(int, int, int) []int)(start, stop, step), nil
	},
	"seq": func(params ...int) (string, error) {
		for _, n := range params {
			if max(n, -n) > maxElements {
				return "", tooLarge("seq", n)
			}
		}
		return helmFunctions["seq"].(func(...int) string)(params...), nil
	},
	"repeat": func(count int, text string) (string, error) {
		if count < 0 || count*max(len(text), 1) > maxElements {
			return "", tooLarge("repeat", count)
		}
		return strings.Repeat(text, count), nil
	},
	"indent": func(spaces int, text string) (string, error) {
		if spaces < 0 || spaces > 1024 {
			return "", tooLarge("indent", spaces)
		}
		return helmFunctions["indent"].(func(int, string) string)(spaces, text), nil
	},
	"nindent": func(spaces int, text string) (string, error) {
		if spaces < 0 || spaces > 1024 {
			return "", tooLarge("nindent", spaces)
		}
		return helmFunctions["nindent"].(func(int, string) string)(spaces, text), nil
	},
}
