package appset

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"text/template"
	"time"

	"github.com/Masterminds/sprig/v3"
	"github.com/gosimple/slug"
	"sigs.k8s.io/yaml"

	"onebranch.dev/renderer/bound"
)

// functions are those of Argo CD's controller: Sprig without the functions that read the machine, and a few more.
var functions = func() template.FuncMap {
	f := sprig.GenericFuncMap()
	for _, name := range []string{"env", "expandenv", "getHostByName"} {
		delete(f, name)
	}
	f["normalize"] = sanitizeName
	f["slugify"] = slugify
	f["toYaml"] = func(v any) (string, error) {
		data, err := yaml.Marshal(v)
		return strings.TrimSuffix(string(data), "\n"), err
	}
	f["fromYaml"] = func(text string) (map[string]any, error) {
		m := map[string]any{}
		return m, yaml.Unmarshal([]byte(text), &m)
	}
	f["fromYamlArray"] = func(text string) ([]any, error) {
		a := []any{}
		return a, yaml.Unmarshal([]byte(text), &a)
	}
	f["tpl"] = notBound
	return bound.Functions(f)
}()

var notInNames = regexp.MustCompile("[^-a-z0-9.]")

// sanitizeName turns any text into a DNS subdomain.
func sanitizeName(name string) string {
	name = notInNames.ReplaceAllString(strings.ToLower(name), "-")
	if len(name) > 253 {
		name = name[:253]
	}
	return strings.Trim(name, "-.")
}

// slugMu guards the slug library's global settings.
var slugMu sync.Mutex

// slugify takes [maximum length [smart truncation]] name.
func slugify(args ...any) (string, error) {
	length, smart, name := 50, true, ""
	for i, arg := range args {
		var ok bool
		switch i {
		case len(args) - 1:
			name, ok = arg.(string)
		case 0:
			length, ok = arg.(int)
		case 1:
			smart, ok = arg.(bool)
		default:
			ok = true
		}
		if !ok {
			return "", fmt.Errorf("slugify: argument %d (%v) has the wrong type", i+1, arg)
		}
	}
	slugMu.Lock()
	defer slugMu.Unlock()
	slug.EnableSmartTruncate, slug.MaxLength = smart, length
	return slug.Make(sanitizeName(name)), nil
}

// style is how an ApplicationSet templates: Go templates with options, or {{name}} replacement.
type style struct {
	goTemplate bool
	options    []string
	// deadline, unless it is zero, is when templating is stopped.
	deadline time.Time
}

// late is the error for templating that takes too long.
func (s style) late() error {
	if !s.deadline.IsZero() && time.Now().After(s.deadline) {
		return bound.ErrTooLong
	}
	return nil
}

// compiled caches parsed templates by style and text; parsing costs far more than executing.
var compiled sync.Map

type compiledKey struct{ options, text string }

// replace fills in one string.
func (s style) replace(text string, params map[string]any) (string, error) {
	if !s.goTemplate {
		return fastReplace(text, params)
	}
	if !strings.Contains(text, "{{") {
		return text, nil
	}
	if err := s.late(); err != nil {
		return "", err
	}
	t, err := s.parse(text)
	if err != nil {
		return "", err
	}
	if t.quick != nil {
		if filled, ok := t.quick.fill(params); ok {
			return filled, nil
		}
	}
	out := bound.Writer{Budget: &bound.Budget{Deadline: s.deadline, Left: maxText}}
	executed, err := t.executable(out.Budget)
	if err != nil {
		return "", err
	}
	if err := executed.Execute(&out, params); err != nil {
		return "", fmt.Errorf("failed to execute go template %s: %w", text, err)
	}
	return out.String(), nil
}

// parsedText is a parsed string and, if it is simple, the quick way to fill it in.
type parsedText struct {
	*template.Template
	quick simple
	// nests says whether it calls `tpl`.
	nests bool
}

func (s style) parse(text string) (*parsedText, error) {
	key := compiledKey{strings.Join(s.options, "\x00"), text}
	if t, ok := compiled.Load(key); ok {
		return t.(*parsedText), nil
	}
	t, err := template.New("").Funcs(functions).Parse(text)
	if err != nil {
		return nil, fmt.Errorf("failed to parse template %s: %w", text, err)
	}
	for _, option := range s.options {
		if t, err = withOption(t, option); err != nil {
			return nil, err
		}
	}
	out := &parsedText{t, newSimple(t), strings.Contains(text, "tpl")}
	bound.Interruptible(t)
	compiled.Store(key, out)
	return out, nil
}

// withOption turns the panic of an unknown option into an error.
func withOption(t *template.Template, option string) (out *template.Template, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("goTemplateOptions: %v", r)
		}
	}()
	return t.Option(option), nil
}

var templated = regexp.MustCompile(".*{{.*}}.*")

// fastReplace replaces {{ name }} where the parameter is a string and leaves every other tag as it is.
func fastReplace(text string, params map[string]any) (string, error) {
	if !templated.MatchString(text) {
		return text, nil
	}
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{{")
		out.WriteString(before)
		if !found {
			return out.String(), nil
		}
		tag, after, closed := strings.Cut(rest, "}}")
		if !closed {
			return "", fmt.Errorf("invalid template: cannot find end tag=%q in the template=%q starting from %q", "}}", text, rest)
		}
		if value, ok := params[strings.TrimSpace(tag)].(string); ok && strings.TrimSpace(tag) != "" {
			out.WriteString(value)
		} else {
			out.WriteString("{{" + tag + "}}")
		}
		text = after
	}
}

// replaceAll fills in every string of a JSON value, map keys too, and returns a new value.
func (s style) replaceAll(value any, params map[string]any) (any, error) {
	switch v := value.(type) {
	case string:
		return s.replace(v, params)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			item, err := s.replaceAll(v[i], params)
			if err != nil {
				return nil, err
			}
			out[i] = item
		}
		return out, nil
	case map[string]any:
		out := make(map[string]any, len(v))
		for _, key := range sortedKeys(v) {
			item, err := s.replaceAll(v[key], params)
			if err != nil {
				return nil, err
			}
			name, err := s.replace(key, params)
			if err != nil {
				return nil, err
			}
			out[name] = item
		}
		return out, nil
	default:
		return value, nil
	}
}

// maxText bounds one filled-in string; a template that writes more is out of control.
const maxText = 4 << 20

// convertYAML returns the JSON for a text that is YAML or JSON.
func convertYAML(text string) ([]byte, error) {
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		return []byte(text), nil
	}
	return yaml.YAMLToJSON([]byte(text))
}

// into decodes a JSON value into a typed one; fields that the type does not have are dropped.
func into(value any, out any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, out)
}
