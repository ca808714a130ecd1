package chart

import (
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

func signature(texts map[string]string) string {
	names := make([]string, 0, len(texts))
	for name := range texts {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, "\x00")
}
