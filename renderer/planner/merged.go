package planner

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"helm.sh/helm/v4/pkg/strvals"

	"onebranch.dev/renderer/appset"
	"onebranch.dev/renderer/chart"
)

// mergedValues returns what Helm computes from `--values`, `--set`, `--set-string` and `--set-file`.
func (e *Planner) mergedValues(j *job) (map[string]any, error) {
	values := map[string]any{}
	for _, v := range j.values {
		parsed, err := e.parsedValues(v.oid, v.data)
		if err != nil {
			return nil, fmt.Errorf("failed to parse %s: %w", v.path, err)
		}
		values = chart.MergeValues(values, parsed)
	}
	if len(j.parameters)+len(j.files) > 0 {
		// Parameters are written into the values, which still share parts with the parsed files.
		values = deepCopyJSON(values)
	}
	for _, forced := range []bool{false, true} {
		for _, p := range j.parameters {
			if p.ForceString != forced {
				continue
			}
			parse, flag := strvals.ParseInto, "--set"
			if forced {
				parse, flag = strvals.ParseIntoString, "--set-string"
			}
			if err := parse(p.Name+"="+escapeCommas(p.Value), values); err != nil {
				return nil, fmt.Errorf("failed parsing %s data: %w", flag, err)
			}
		}
	}
	for _, p := range j.files {
		read := func([]rune) (any, error) { return j.fileContent[p.Name], nil }
		if err := strvals.ParseIntoFile(p.Name+"="+escapeCommas(p.Path), values, read); err != nil {
			return nil, fmt.Errorf("failed parsing --set-file data: %w", err)
		}
	}
	return values, nil
}

// uniqueParameters keeps the last parameter of each name and sorts by name, because Argo CD collects them in a map.
func uniqueParameters(list []appset.Parameter) []appset.Parameter {
	last := map[string]appset.Parameter{}
	for _, p := range list {
		last[fmt.Sprint(p.ForceString)+p.Name] = p
	}
	out := make([]appset.Parameter, 0, len(last))
	for _, p := range last {
		out = append(out, p)
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].ForceString != out[j].ForceString {
			return !out[i].ForceString
		}
		return out[i].Name < out[j].Name
	})
	return out
}

// escapeCommas makes a comma part of the value, unless the value is a list in braces.
func escapeCommas(value string) string {
	if strings.HasPrefix(value, "{") && strings.HasSuffix(value, "}") {
		return value
	}
	var out strings.Builder
	var before rune
	for _, r := range value {
		if r == ',' && before != '\\' {
			out.WriteRune('\\')
		}
		out.WriteRune(r)
		before = r
	}
	return out.String()
}

// deepCopyJSON copies maps and lists and keeps scalars as they are.
func deepCopyJSON(m map[string]any) map[string]any {
	return copyTree(m, func(value any) any {
		if raw, is := value.(json.RawMessage); is {
			return append(json.RawMessage(nil), raw...)
		}
		return value
	}).(map[string]any)
}
