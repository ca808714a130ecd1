package appset

import (
	"strings"
	"text/template"
	"text/template/parse"
)

// simple is a template that contains only text, `{{ .a.b }}`, `{{ get . "a" }}` and `{{ index .a.b n }}`. Most strings of an
// ApplicationSet are like this, and filling them in this way is many times faster. Everything unusual (a missing key, a value that
// is not text) is left to the template itself, so that answers and errors are always its own.
type simple []piece

type piece struct {
	text  string
	field []string
	// at is the index into the field's list; -1 for the field itself.
	at int
}

func newSimple(t *template.Template) simple {
	if t.Tree == nil || len(t.Templates()) > 1 {
		return nil
	}
	out := simple{}
	for _, node := range t.Tree.Root.Nodes {
		switch n := node.(type) {
		case *parse.TextNode:
			out = append(out, piece{text: string(n.Text)})
		case *parse.ActionNode:
			p, ok := actionPiece(n.Pipe)
			if !ok {
				return nil
			}
			out = append(out, p)
		default:
			return nil
		}
	}
	return out
}

func actionPiece(pipe *parse.PipeNode) (piece, bool) {
	if len(pipe.Decl) > 0 || len(pipe.Cmds) != 1 {
		return piece{}, false
	}
	args := pipe.Cmds[0].Args
	if field, ok := args[0].(*parse.FieldNode); ok && len(args) == 1 {
		return piece{field: field.Ident, at: -1}, true
	}
	name, isFunction := args[0].(*parse.IdentifierNode)
	if !isFunction || len(args) != 3 {
		return piece{}, false
	}
	if key, isText := args[2].(*parse.StringNode); isText && name.Ident == "get" && args[1].Type() == parse.NodeDot {
		return piece{field: []string{key.Text}, at: -1}, true
	}
	if name.Ident != "index" {
		return piece{}, false
	}
	field, isField := args[1].(*parse.FieldNode)
	number, isNumber := args[2].(*parse.NumberNode)
	if !isField || !isNumber || !number.IsInt || number.Int64 < 0 {
		return piece{}, false
	}
	return piece{field: field.Ident, at: int(number.Int64)}, true
}

// fill returns false when the template itself has to be executed.
func (s simple) fill(params map[string]any) (string, bool) {
	var out strings.Builder
	for _, p := range s {
		if p.field == nil {
			out.WriteString(p.text)
			continue
		}
		value, ok := lookup(params, p.field)
		if !ok {
			return "", false
		}
		if p.at >= 0 {
			list, isList := value.([]string)
			if !isList || p.at >= len(list) {
				return "", false
			}
			value = list[p.at]
		}
		text, isText := value.(string)
		if !isText {
			return "", false
		}
		out.WriteString(text)
	}
	return out.String(), true
}

func lookup(value any, path []string) (any, bool) {
	for _, key := range path {
		switch m := value.(type) {
		case map[string]any:
			next, ok := m[key]
			if !ok {
				return nil, false
			}
			value = next
		case map[string]string:
			next, ok := m[key]
			if !ok {
				return nil, false
			}
			value = next
		default:
			return nil, false
		}
	}
	return value, true
}
