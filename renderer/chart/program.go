package chart

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path"
	"reflect"
	"slices"
	"sort"
	"strings"
	"text/template"
	"time"

	"onebranch.dev/renderer/bound"
)

// program is a set of parsed templates that belong together: a chart's and those of its enabled dependencies.
type program struct {
	prototype *template.Template
	// order is Helm's: deep paths first, then descending names. Partials are parsed but not executed.
	order []string
	ready chan *instance
	// pure holds if no template can change values or give random answers: a template then always writes the same text for
	// the same scope.
	pure bool
}

// instance is a copy of a program. Only one render at a time may execute it.
type instance struct {
	templates *template.Template
	state     *state
	included  map[string]int
	parsed    map[tplKey]parsedTpl
	// texts caches the output of included templates by name and scope, during one render of a pure program.
	texts  map[memoKey]string
	scopes map[uintptr]bool
}

type memoKey struct {
	name  string
	scope uintptr
}

type tplKey struct {
	parent *template.Template
	text   string
}

// parsedTpl is a parsed text that was passed to `tpl`.
type parsedTpl struct {
	*template.Template
	pure bool
}

// state is shared by the template functions of a running render.
type state struct {
	random  *rand.Rand
	clock   time.Time
	used    map[string]bool
	current string
	lookups map[string]bool
	budget  bound.Budget
}

// Limits bound one render.
type Limits struct {
	Time time.Duration
	// Bytes is how much text the templates of one render may write. Included text counts each time.
	Bytes int
}

// DefaultLimits are far above what a working chart needs.
var DefaultLimits = Limits{Time: 10 * time.Second, Bytes: 64 << 20}

// maxIncludes is Helm's limit for templates that include themselves.
const maxIncludes = 1000

// maxIdle bounds how many unused instances of one program are kept.
const maxIdle = 8

func sortTemplates(names []string) {
	sort.Slice(names, func(i, j int) bool {
		a, b := strings.Count(names[i], "/"), strings.Count(names[j], "/")
		if a != b {
			return a > b
		}
		return names[i] > names[j]
	})
}

// compile parses templates in Helm's order, so that the definitions of a template higher up win.
func compile(texts map[string]string) (p *program, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("parsing templates failed: %v", r)
		}
	}()
	p = &program{prototype: template.New("gotpl").Option("missingkey=zero"), ready: make(chan *instance, maxIdle)}
	for name := range texts {
		p.order = append(p.order, name)
	}
	sortTemplates(p.order)
	p.prototype.Funcs(templateFunctions).Funcs((&instance{state: &state{}}).functions(p.prototype))
	for _, name := range p.order {
		if _, err := p.prototype.New(name).Parse(texts[name]); err != nil {
			return nil, parseError(name, err)
		}
	}
	p.pure = isPure(p.prototype)
	bound.Interruptible(p.prototype)
	return p, nil
}

// parseError keeps the place and the last part of a parse error, in Helm's wording.
func parseError(name string, err error) error {
	tokens := strings.Split(err.Error(), ": ")
	if len(tokens) == 1 {
		return fmt.Errorf("parse error in (%s): %w", name, err)
	}
	return fmt.Errorf("parse error at (%s): %s", tokens[1], tokens[len(tokens)-1])
}

func (p *program) get() (*instance, error) {
	select {
	case i := <-p.ready:
		return i, nil
	default:
	}
	templates, err := p.prototype.Clone()
	if err != nil {
		return nil, err
	}
	i := &instance{state: &state{}, parsed: map[tplKey]parsedTpl{}}
	i.templates = templates.Option("missingkey=zero").Funcs(i.functions(templates))
	return i, nil
}

func (p *program) put(i *instance) {
	if len(i.parsed) > 1000 {
		i.parsed = map[tplKey]parsedTpl{}
	}
	select {
	case p.ready <- i:
	default:
	}
}

// execute runs every template with its scope and returns the texts by template name.
func (p *program) execute(scopes map[string]*scope, limits Limits, seed uint64) (out map[string]string, s *state, err error) {
	i, err := p.get()
	if err != nil {
		return nil, nil, err
	}
	*i.state = state{
		random:  newRandom(seed),
		clock:   clockOf(seed),
		used:    map[string]bool{},
		lookups: map[string]bool{},
		budget:  bound.Budget{Deadline: time.Now().Add(limits.Time), Left: limits.Bytes},
	}
	i.included = map[string]int{}
	i.texts, i.scopes = nil, nil
	if p.pure {
		i.texts, i.scopes = map[memoKey]string{}, map[uintptr]bool{}
		for _, scope := range scopes {
			i.scopes[reflect.ValueOf(scope.values).Pointer()] = true
		}
	}
	s = i.state
	defer func() {
		if r := recover(); r != nil {
			out, err = nil, fmt.Errorf("rendering template failed: %v", r)
			return
		}
		p.put(i)
	}()
	out = make(map[string]string, len(p.order))
	for _, name := range p.order {
		if strings.HasPrefix(path.Base(name), "_") {
			continue
		}
		s.current = name
		scope := scopes[name]
		scope.values["Template"] = templateInfo(name, scope.basePath)
		text, err := i.run(i.templates, name, scope.values)
		if err != nil {
			return nil, s, executionError(name, err)
		}
		out[name] = withoutNoValue(text)
	}
	// The state is copied, because the next render resets it.
	copied := *s
	return out, &copied, nil
}

// withoutNoValue removes what Go prints for a missing value; Helm does the same.
func withoutNoValue(text string) string {
	if strings.Contains(text, "<no value>") {
		return strings.ReplaceAll(text, "<no value>", "")
	}
	return text
}

// memo returns the key under which an included text may be cached. This requires that the data is a chart's whole scope,
// which lives as long as the render, and that the definitions are the chart's own.
func (i *instance) memo(t *template.Template, name string, data any) (memoKey, bool) {
	if i.texts == nil || t != i.templates {
		return memoKey{}, false
	}
	scope, ok := data.(map[string]any)
	if !ok {
		return memoKey{}, false
	}
	pointer := reflect.ValueOf(scope).Pointer()
	return memoKey{name, pointer}, i.scopes[pointer]
}

func (i *instance) run(t *template.Template, name string, data any) (string, error) {
	if time.Now().After(i.state.budget.Deadline) {
		return "", bound.ErrTooLong
	}
	out := &bound.Writer{Budget: &i.state.budget}
	err := t.ExecuteTemplate(out, name, data)
	return out.String(), err
}

// functions are those that need the running render.
func (i *instance) functions(t *template.Template) template.FuncMap {
	functions := unsteady(i.state)
	functions["required"] = func(message string, value any) (any, error) {
		if text, isText := value.(string); value == nil || isText && text == "" {
			return value, &saidError{message}
		}
		return value, nil
	}
	functions["fail"] = func(message string) (string, error) { return "", &saidError{message} }
	functions["lookup"] = func(version, kind, _, _ string) (map[string]any, error) {
		i.state.lookups[i.state.current+": "+strings.Trim(version+" "+kind, " ")] = true
		return map[string]any{}, nil
	}
	for name, function := range i.nesting(t) {
		functions[name] = function
	}
	return functions
}

// nesting returns the functions that run templates: `include` sees the definitions of the set that it is bound to.
func (i *instance) nesting(t *template.Template) template.FuncMap {
	return template.FuncMap{
		"include": func(name string, data any) (string, error) {
			key, known := i.memo(t, name, data)
			if known {
				text, hit := i.texts[key]
				if hit {
					if i.state.budget.Left -= len(text); i.state.budget.Left < 0 {
						return "", bound.ErrTooMuch
					}
					return text, nil
				}
			}
			if i.included[name] > maxIncludes {
				return "", fmt.Errorf("rendering template has a nested reference name: %s: %w", name, errors.New("unable to execute template"))
			}
			i.included[name]++
			text, err := i.run(t, name, data)
			i.included[name]--
			if known && err == nil && i.texts != nil {
				i.texts[key] = text
			}
			return text, err
		},
		"tpl": func(text string, data any) (string, error) {
			if !strings.Contains(text, "{{") {
				return withoutNoValue(text), nil
			}
			parsed, err := i.parseText(t, text)
			if err != nil {
				return "", err
			}
			out := &bound.Writer{Budget: &i.state.budget}
			if err := parsed.Execute(out, data); err != nil {
				return "", fmt.Errorf("error during tpl function execution for %q: %w", text, err)
			}
			return withoutNoValue(out.String()), nil
		},
	}
}

// parseText parses a text of `tpl` once for each set of definitions that the text can use.
func (i *instance) parseText(parent *template.Template, text string) (*template.Template, error) {
	key := tplKey{parent, text}
	if known, ok := i.parsed[key]; ok {
		i.forget(known)
		return known.Template, nil
	}
	set, err := parent.Clone()
	if err != nil {
		return nil, fmt.Errorf("cannot clone template: %w", err)
	}
	set.Option("missingkey=zero").Funcs(i.nesting(set))
	t, err := set.New(parent.Name()).Parse(text)
	if err != nil {
		return nil, fmt.Errorf("cannot parse template %q: %w", text, err)
	}
	parsed := parsedTpl{t, isPure(set)}
	bound.Interruptible(set)
	i.forget(parsed)
	i.parsed[key] = parsed
	return t, nil
}

// forget turns the cache off for the rest of the render if a text may change what was cached.
func (i *instance) forget(t parsedTpl) {
	if !t.pure {
		i.texts = nil
	}
}

// saidError carries the message of `required` and `fail`, which is shown without anything added.
type saidError struct{ message string }

func (e *saidError) Error() string { return e.message }

// executionError returns the place and the reason of a template's failure.
func executionError(name string, err error) error {
	location := name
	if tokens := strings.SplitN(err.Error(), ": ", 3); len(tokens) == 3 && tokens[0] == "template" {
		location = tokens[1]
	}
	var said *saidError
	if errors.As(err, &said) {
		return fmt.Errorf("execution error at (%s): %s", location, said.message)
	}
	var limit *bound.LimitError
	if errors.As(err, &limit) {
		return limit
	}
	return err
}

func signature(texts map[string]string) string {
	names := make([]string, 0, len(texts))
	for name := range texts {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, "\x00")
}
