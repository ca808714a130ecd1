package chart

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"path"
	"sort"
	"strings"
	"sync"

	"github.com/gobwas/glob"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"helm.sh/helm/v4/pkg/chart/common"
	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
)

func loadValues(r io.Reader) (map[string]any, error) { return loader.LoadValues(r) }

// MergeValues merges one values file over others; neither is changed.
func MergeValues(base, over map[string]any) map[string]any { return loader.MergeMaps(base, over) }

func copyValue(value any) any {
	switch v := value.(type) {
	case map[string]any:
		return copyMap(v)
	case []any:
		if v == nil {
			return v
		}
		out := make([]any, len(v))
		for i := range v {
			out[i] = copyValue(v[i])
		}
		return out
	default:
		return value
	}
}

func copyMap(m map[string]any) map[string]any {
	out := make(map[string]any, len(m))
	for key, value := range m {
		out[key] = copyValue(value)
	}
	return out
}

// coalesce merges values over the defaults of a chart without dependencies, as Helm's CoalesceValues does: a null removes
// a default, null defaults are dropped, maps are merged. Neither argument is changed.
func coalesce(values, defaults map[string]any) map[string]any {
	out := copyMap(values)
	for key, fallback := range defaults {
		value, given := out[key]
		if !given {
			if fallback != nil {
				out[key] = withoutNulls(fallback)
			}
			continue
		}
		if value == nil {
			delete(out, key)
			continue
		}
		inner, isMap := value.(map[string]any)
		defaultMap, defaultIsMap := fallback.(map[string]any)
		if isMap && defaultIsMap {
			coalesceTable(inner, withoutNulls(defaultMap).(map[string]any))
		}
	}
	return out
}

func coalesceTable(over, defaults map[string]any) {
	for key, fallback := range defaults {
		value, given := over[key]
		switch {
		case !given:
			over[key] = fallback
		case value == nil:
			delete(over, key)
		default:
			inner, isMap := value.(map[string]any)
			defaultMap, defaultIsMap := fallback.(map[string]any)
			if isMap && defaultIsMap {
				coalesceTable(inner, defaultMap)
			}
		}
	}
}

// withoutNulls copies a value and leaves out the nulls of its maps; lists keep theirs.
func withoutNulls(value any) any {
	m, ok := value.(map[string]any)
	if !ok {
		return copyValue(value)
	}
	out := make(map[string]any, len(m))
	for key, item := range m {
		if item != nil {
			out[key] = withoutNulls(item)
		}
	}
	return out
}

// schemaCache compiles each values.schema.json once.
type schemaCache struct {
	mu      sync.Mutex
	schemas map[*byte]compiledSchema
}

type compiledSchema struct {
	schema *jsonschema.Schema
	err    error
}

// noFetch refuses references to other documents, because Helm would fetch them from the network.
type noFetch struct{}

func (noFetch) Load(url string) (any, error) {
	return nil, fmt.Errorf("%s is outside the chart and is not fetched offline", url)
}

func (c *schemaCache) validate(chart *chartv2.Chart, values map[string]any) error {
	var faults strings.Builder
	c.collect(chart, values, &faults)
	if faults.Len() == 0 {
		return nil
	}
	return fmt.Errorf("values don't meet the specifications of the schema(s) in the following chart(s):\n%s", faults.String())
}

func (c *schemaCache) collect(chart *chartv2.Chart, values map[string]any, faults *strings.Builder) {
	if len(chart.Schema) > 0 {
		if err := c.check(chart.Schema, values); err != nil {
			fmt.Fprintf(faults, "%s:\n%s", chart.Name(), err)
		}
	}
	for _, child := range chart.Dependencies() {
		raw, given := values[child.Name()]
		if !given || raw == nil {
			continue
		}
		inner, ok := raw.(map[string]any)
		if !ok {
			fmt.Fprintf(faults, "%s:\ninvalid type for values: expected object (map), got %T\n", child.Name(), raw)
			continue
		}
		c.collect(child, inner, faults)
	}
}

func (c *schemaCache) check(text []byte, values map[string]any) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("unable to validate schema: %s", r)
		}
	}()
	c.mu.Lock()
	known, ok := c.schemas[&text[0]]
	if !ok {
		known.schema, known.err = compileSchema(text)
		if c.schemas == nil {
			c.schemas = map[*byte]compiledSchema{}
		}
		c.schemas[&text[0]] = known
	}
	c.mu.Unlock()
	if known.err != nil {
		return known.err
	}
	if err := known.schema.Validate(values); err != nil {
		return errors.New(sortFaults(strings.TrimPrefix(err.Error(), "jsonschema validation failed with 'file:///values.schema.json#'\n")) + "\n")
	}
	return nil
}

// sortFaults sorts the faults of one level by their text, because the validator's order is random.
func sortFaults(text string) string {
	var faults []string
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, " ") && len(faults) > 0 {
			faults[len(faults)-1] += "\n" + line
		} else {
			faults = append(faults, line)
		}
	}
	sort.Strings(faults)
	return strings.Join(faults, "\n")
}

func compileSchema(text []byte) (*jsonschema.Schema, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(noFetch{})
	if err := compiler.AddResource("file:///values.schema.json", document); err != nil {
		return nil, err
	}
	return compiler.Compile("file:///values.schema.json")
}

// files is what templates see as `.Files`: the files of a chart that are neither templates nor files with a meaning to
// Helm.
type files map[string][]byte

func newFiles(from []*common.File) files {
	out := make(files, len(from))
	for _, f := range from {
		out[f.Name] = f.Data
	}
	return out
}

// GetBytes returns a file, or nothing when there is none.
func (f files) GetBytes(name string) []byte {
	if data, ok := f[name]; ok {
		return data
	}
	return []byte{}
}

// Get returns a file as text.
func (f files) Get(name string) string { return string(f.GetBytes(name)) }

// Glob returns the files that match a pattern; a malformed pattern matches all files.
func (f files) Glob(pattern string) files {
	matcher, err := glob.Compile(pattern, '/')
	if err != nil {
		matcher = glob.MustCompile("**")
	}
	out := files{}
	for name, data := range f {
		if matcher.Match(name) {
			out[name] = data
		}
	}
	return out
}

// AsConfig returns the files as the data of a ConfigMap.
func (f files) AsConfig() string {
	return f.asYAML(func(data []byte) string { return string(data) })
}

// AsSecrets returns the files as the data of a Secret.
func (f files) AsSecrets() string { return f.asYAML(base64.StdEncoding.EncodeToString) }

func (f files) asYAML(encode func([]byte) string) string {
	if f == nil {
		return ""
	}
	out := make(map[string]string, len(f))
	for name, data := range f {
		out[path.Base(name)] = encode(data)
	}
	return orEmpty(encodeYAML(out))
}

// Lines returns the lines of a file.
func (f files) Lines(name string) []string {
	if len(f[name]) == 0 {
		return []string{}
	}
	return strings.Split(strings.TrimSuffix(string(f[name]), "\n"), "\n")
}
