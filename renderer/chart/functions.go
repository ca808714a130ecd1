package chart

import (
	"bytes"
	"encoding/json"
	"maps"
	"strings"
	"text/template"

	"github.com/BurntSushi/toml"
	"github.com/Masterminds/sprig/v3"
	yamlv2 "go.yaml.in/yaml/v2"
	goyaml "go.yaml.in/yaml/v3"
	"sigs.k8s.io/yaml"

	"onebranch.dev/renderer/bound"
)

// templateFunctions are the functions that templates can call: Helm's, with limits.
var templateFunctions = bound.Functions(helmFunctions)

// helmFunctions are Helm's template functions that need no state: Sprig's, without those that read the environment, and
// the conversions. A bad value in a conversion (an empty text, an `Error` key) has the same effect as in Helm.
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
	maps.Copy(f, durationFunctions)
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

// encodeYAML writes the same text as sigs.k8s.io/yaml. That library goes through JSON; plain values take a shorter way.
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
