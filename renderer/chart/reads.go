package chart

import (
	"maps"
	"regexp"
	"strings"
	"text/template/parse"

	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
)

// reads is what the templates of a chart and of its subcharts may read of their values, judged by names alone: `.a.b` names a
// and b, and where `.a.b` is handed on as a whole (to toYaml, say), every key below a key b is read.
type reads struct {
	// named are the keys that an action names, as a field or in a text.
	named map[string]bool
	// whole are the keys whose mappings are read as a whole.
	whole map[string]bool
	// behind says what a place holds: a dot of a template, or a key of a `dict`, may be the mapping of a key.
	behind map[place][]place
}

// place is something that may hold a mapping of the values: a key of any mapping, or the dot of a template.
type place string

func keyPlace(key string) place { return place("key " + key) }

func dotPlace(template string) place { return place("dot " + template) }

func readsOf(chart *chartv2.Chart) *reads {
	r := &reads{named: map[string]bool{}, whole: map[string]bool{}, behind: map[place][]place{}}
	w := &readWalker{reads: r, whole: map[place]bool{}}
	w.addChart(chart)
	r.spread(w.whole)
	return r
}

// spread finds the keys behind the places that are read as a whole.
func (r *reads) spread(whole map[place]bool) {
	var visit func(p place)
	seen := map[place]bool{}
	visit = func(p place) {
		if seen[p] {
			return
		}
		seen[p] = true
		if key, isKey := strings.CutPrefix(string(p), "key "); isKey {
			r.whole[key] = true
		}
		for _, other := range r.behind[p] {
			visit(other)
		}
	}
	for p := range whole {
		visit(p)
	}
}

type readWalker struct {
	*reads
	whole map[place]bool
}

var (
	action = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	word   = regexp.MustCompile(`[\pL\pN_][\pL\pN_-]*`)
)

func (w *readWalker) addChart(chart *chartv2.Chart) {
	for _, file := range chart.Templates {
		w.addTemplate(chart.ChartFullPath()+"/"+file.Name, string(file.Data))
	}
	// Texts that are handed to `tpl`: files, and values that are templates.
	for _, file := range chart.Raw {
		if !strings.HasPrefix(file.Name, "templates/") && !strings.HasPrefix(file.Name, "charts/") && !strings.HasSuffix(file.Name, ".md") {
			for _, found := range action.FindAll(file.Data, -1) {
				w.name(string(found))
			}
		}
	}
	for _, entry := range chart.Metadata.Dependencies {
		if entry == nil {
			continue
		}
		w.name(entry.Condition)
		for _, value := range importsOf(entry, nil, nil) {
			w.name(strings.Join(append(value.from, value.to...), " "))
		}
	}
	for _, child := range chart.Dependencies() {
		w.addChart(child)
	}
}

// name remembers every word of a text.
func (w *readWalker) name(text string) {
	for _, found := range word.FindAllString(text, -1) {
		w.named[found] = true
	}
}

func (w *readWalker) addTemplate(name, text string) {
	tree := parse.New(name)
	tree.Mode = parse.SkipFuncCheck
	all := map[string]*parse.Tree{}
	if _, err := tree.Parse(text, "", "", all); err != nil {
		// Such a chart does not render, which is reported as that.
		w.name(text)
		return
	}
	for name, tree := range all {
		dot := []place{dotPlace(name)}
		w.list(tree.Root, scopeOfReads{dot: dot, variables: map[string]*[]place{"$": &dot}})
	}
}

// scopeOfReads is what the dot and the variables may hold.
type scopeOfReads struct {
	dot       []place
	variables map[string]*[]place
}

func (s scopeOfReads) inner(dot []place) scopeOfReads {
	return scopeOfReads{dot, maps.Clone(s.variables)}
}

func (w *readWalker) list(list *parse.ListNode, scope scopeOfReads) {
	if list == nil {
		return
	}
	for _, node := range list.Nodes {
		switch n := node.(type) {
		case *parse.ActionNode:
			w.pipe(n.Pipe, scope)
		case *parse.TemplateNode:
			w.hand(dotPlace(n.Name), w.pipe(n.Pipe, scope))
		case *parse.IfNode:
			w.branch(n.BranchNode, scope, func([]place) []place { return scope.dot })
		case *parse.WithNode:
			w.branch(n.BranchNode, scope, func(found []place) []place { return found })
		case *parse.RangeNode:
			// A range goes over all keys of a mapping.
			w.branch(n.BranchNode, scope, func(found []place) []place { w.readWhole(found); return nil })
		}
	}
}

func (w *readWalker) branch(n parse.BranchNode, scope scopeOfReads, dot func(found []place) []place) {
	inside := scope.inner(nil)
	inside.dot = dot(w.pipe(n.Pipe, inside))
	w.list(n.List, inside)
	w.list(n.ElseList, scope.inner(scope.dot))
}

func (w *readWalker) readWhole(places []place) {
	for _, p := range places {
		w.whole[p] = true
	}
}

// hand says that a place may hold what others hold.
func (w *readWalker) hand(to place, from []place) {
	for _, p := range from {
		if p != to {
			w.behind[to] = append(w.behind[to], p)
		}
	}
}

// pipe returns what the value of a pipeline may be a mapping of.
func (w *readWalker) pipe(n *parse.PipeNode, scope scopeOfReads) []place {
	if n == nil {
		return nil
	}
	var value []place
	for i, command := range n.Cmds {
		value = w.command(command, value, i > 0, scope)
	}
	for _, variable := range n.Decl {
		known := scope.variables[variable.Ident[0]]
		if known == nil || !n.IsAssign {
			fresh := []place{}
			known = &fresh
			scope.variables[variable.Ident[0]] = known
		}
		*known = append(*known, value...)
	}
	return value
}

func (w *readWalker) command(n *parse.CommandNode, piped []place, isPiped bool, scope scopeOfReads) []place {
	function, isCall := n.Args[0].(*parse.IdentifierNode)
	if !isCall {
		var found []place
		for _, arg := range n.Args {
			found = append(found, w.argument(arg, scope)...)
		}
		return found
	}
	nodes, places := n.Args[1:], [][]place{}
	for _, arg := range nodes {
		places = append(places, w.argument(arg, scope))
	}
	if isPiped {
		nodes, places = append(nodes[:len(nodes):len(nodes)], nil), append(places, piped)
	}
	return w.call(function.Ident, nodes, places)
}

func (w *readWalker) argument(node parse.Node, scope scopeOfReads) []place {
	switch n := node.(type) {
	case *parse.DotNode:
		return scope.dot
	case *parse.FieldNode:
		return w.field(n.Ident)
	case *parse.VariableNode:
		if len(n.Ident) > 1 {
			return w.field(n.Ident[1:])
		}
		if known := scope.variables[n.Ident[0]]; known != nil {
			return *known
		}
	case *parse.ChainNode:
		w.argument(n.Node, scope)
		return w.field(n.Field)
	case *parse.PipeNode:
		return w.pipe(n, scope)
	case *parse.StringNode:
		w.name(n.Text)
	}
	return nil
}

// field returns the place of the last key of a path such as `.Values.a.b`.
func (w *readWalker) field(path []string) []place {
	for _, key := range path {
		w.named[key] = true
	}
	if last := path[len(path)-1]; last != "Values" {
		return []place{keyPlace(last)}
	}
	return nil
}
