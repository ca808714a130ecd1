package chart

import (
	"text/template/parse"
)

// looking are functions that read nothing of a mapping but whether it is there, or how many keys it has.
var looking = setOf(
	"and", "contains", "empty", "eq", "fail", "ge", "gt", "has", "hasKey", "hasPrefix", "hasSuffix", "kindIs", "kindOf", "le",
	"len", "lt", "ne", "not", "or", "regexMatch", "semverCompare", "typeIs", "typeOf",
)

// passing are functions whose result may be, or hold, what they are given.
var passing = setOf(
	"and", "append", "coalesce", "compact", "concat", "deepCopy", "default", "first", "last", "list", "merge", "mergeOverwrite",
	"mustAppend", "mustDeepCopy", "mustMerge", "mustMergeOverwrite", "omit", "or", "pick", "required", "ternary", "tuple", "uniq",
	"unset",
)

func setOf(names ...string) map[string]bool {
	out := map[string]bool{}
	for _, name := range names {
		out[name] = true
	}
	return out
}

// call returns what the result of a function may be a mapping of. What is not known of a function is taken to read everything.
func (w *readWalker) call(function string, nodes []parse.Node, places [][]place) []place {
	switch {
	case function == "include" && len(nodes) > 1:
		if name, isText := nodes[0].(*parse.StringNode); isText {
			w.hand(dotPlace(name.Text), places[1])
			return nil
		}
	case function == "dict":
		return w.dict(nodes, places)
	case function == "set" && len(nodes) == 3:
		w.entry(nodes[1], places[2])
		return places[0]
	case (function == "index" || function == "get") && len(nodes) > 1:
		return w.lookup(nodes[1:], places[0])
	case function == "dig" && len(nodes) > 2:
		found := w.lookup(nodes[:len(nodes)-2], places[len(places)-1])
		return append(found, places[len(places)-2]...)
	case passing[function]:
		return flat(places)
	case looking[function]:
		return nil
	}
	w.readWhole(flat(places))
	return nil
}

func (w *readWalker) dict(nodes []parse.Node, places [][]place) []place {
	for i := 0; i+1 < len(nodes); i += 2 {
		w.entry(nodes[i], places[i+1])
	}
	return flat(places)
}

// entry says that a key of a mapping that a template makes holds something.
func (w *readWalker) entry(key parse.Node, value []place) {
	if name, isText := key.(*parse.StringNode); isText {
		w.hand(keyPlace(name.Text), value)
		return
	}
	w.readWhole(value)
}

// lookup returns the place of the last key; a key that is computed may be any.
func (w *readWalker) lookup(keys []parse.Node, from []place) []place {
	last := ""
	for _, key := range keys {
		switch k := key.(type) {
		case *parse.StringNode:
			last = k.Text
		case *parse.NumberNode:
			// An entry of a list.
		default:
			w.readWhole(from)
			return nil
		}
	}
	if last == "" || last == "Values" {
		return from
	}
	return []place{keyPlace(last)}
}

func flat(places [][]place) []place {
	var out []place
	for _, some := range places {
		out = append(out, some...)
	}
	return out
}
