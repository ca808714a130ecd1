package chart

import (
	"reflect"
	"slices"
	"text/template"
	"text/template/parse"
)

// impure are functions that change a value in place or answer differently each time.
var impure = map[string]bool{
	"set": true, "unset": true, "merge": true, "mergeOverwrite": true, "mustMerge": true, "mustMergeOverwrite": true,
	"lookup": true,
}

// isPure looks for impure functions, and for `.Template`, which differs from file to file.
func isPure(set *template.Template) bool {
	for _, t := range set.Templates() {
		if t.Tree != nil && !pureNode(reflect.ValueOf(t.Tree.Root)) {
			return false
		}
	}
	return true
}

func pureNode(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return true
		}
		switch node := v.Interface().(type) {
		case *parse.IdentifierNode:
			_, changes := unsteadySet[node.Ident]
			return !changes && !impure[node.Ident]
		case *parse.FieldNode:
			return !slices.Contains(node.Ident, "Template")
		case *parse.VariableNode:
			return !slices.Contains(node.Ident, "Template")
		case *parse.ChainNode:
			return !slices.Contains(node.Field, "Template") && pureNode(reflect.ValueOf(node.Node))
		case *parse.Tree:
			return true
		}
		return pureNode(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && !pureNode(v.Field(i)) {
				return false
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if !pureNode(v.Index(i)) {
				return false
			}
		}
	}
	return true
}
