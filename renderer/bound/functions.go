package bound

import (
	"fmt"
	"maps"
	"reflect"
	"strings"
	"text/template"
)

// maxElements bounds lists and texts that one function makes from a number; maxText bounds what it makes from other
// texts. Helm stores a release in a Secret of at most 1 MiB, so both are far above what a working chart needs.
const (
	maxElements = 1 << 20
	maxText     = 16 << 20
)

func tooMany(name string, n int) error {
	return fmt.Errorf("%s would make %d elements; at most %d are rendered", name, n, maxElements)
}

// Functions returns Sprig's functions, and those of Go's templates, with limits. A result can be the argument of the next
// call, and a text that doubles sixty times would use up any memory.
func Functions(base template.FuncMap) template.FuncMap {
	out := make(template.FuncMap, len(base)+3)
	for name, function := range base {
		out[name] = limited(function)
	}
	maps.Copy(out, template.FuncMap{"print": limitedAny(fmt.Sprint), "println": limitedAny(fmt.Sprintln), "printf": printf})
	for name, function := range counting {
		if base[name] != nil {
			out[name] = function
		}
	}
	if replace, ok := base["replace"].(func(string, string, string) string); ok {
		out["replace"] = func(old, replacement, text string) (string, error) {
			if strings.Count(text, old)*max(len(replacement)-len(old), 0)+len(text) > maxText {
				return "", errTooLarge
			}
			return replace(old, replacement, text), nil
		}
	}
	if join, ok := base["join"].(func(string, any) string); ok {
		out["join"] = func(separator string, list any) (string, error) {
			if v := reflect.ValueOf(list); v.Kind() == reflect.Slice && v.Len()*len(separator) > maxText {
				return "", errTooLarge
			}
			return checked(join(separator, list))
		}
	}
	for _, name := range []string{"regexReplaceAll", "regexReplaceAllLiteral"} {
		if replace, ok := base[name].(func(string, string, string) string); ok {
			out[name] = func(expression, text, replacement string) (string, error) {
				if tooManyReplaced(text, replacement) {
					return "", errTooLarge
				}
				return checked(replace(expression, text, replacement))
			}
		}
		name = "mustR" + name[1:]
		if replace, ok := base[name].(func(string, string, string) (string, error)); ok {
			out[name] = func(expression, text, replacement string) (string, error) {
				if tooManyReplaced(text, replacement) {
					return "", errTooLarge
				}
				return checkedWith(replace(expression, text, replacement))
			}
		}
	}
	return out
}

// tooManyReplaced assumes that an expression matches once in every 16 bytes.
func tooManyReplaced(text, replacement string) bool {
	return len(text)/16*len(replacement) > maxText
}

func checked(text string) (string, error) {
	if len(text) > maxText {
		return "", errTooLarge
	}
	return text, nil
}

// limited wraps a function that returns a text or a list, if its type is one of the common ones; functions of other types
// return nothing larger than their arguments.
func limited(function any) any {
	switch f := function.(type) {
	case func(string) string:
		return func(a string) (string, error) { return checked(f(a)) }
	case func(any) string:
		return func(a any) (string, error) { return checked(f(a)) }
	case func(...any) string:
		return limitedAny(f)
	case func(string, string) string:
		return func(a, b string) (string, error) { return checked(f(a, b)) }
	case func(string, string, string) string:
		return func(a, b, c string) (string, error) { return checked(f(a, b, c)) }
	case func(int, string) string:
		return func(a int, b string) (string, error) { return checked(f(a, b)) }
	case func(int, string, string) string:
		return func(a int, b, c string) (string, error) { return checked(f(a, b, c)) }
	case func(any) (string, error):
		return func(a any) (string, error) { return checkedWith(f(a)) }
	case func(string, string, string) (string, error):
		return func(a, b, c string) (string, error) { return checkedWith(f(a, b, c)) }
	case func(...any) any:
		return func(lists ...any) (any, error) { return checkedList(f(lists...)) }
	case func(any, any) []any:
		return func(list, item any) ([]any, error) { return checkedItems(f(list, item)) }
	default:
		return function
	}
}

func limitedAny(f func(...any) string) func(...any) (string, error) {
	return func(args ...any) (string, error) {
		if sizeOf(args) > maxText {
			return "", errTooLarge
		}
		return checked(f(args...))
	}
}

func printf(format string, args ...any) (string, error) {
	if len(format)+sizeOf(args) > maxText {
		return "", errTooLarge
	}
	return checked(fmt.Sprintf(format, args...))
}

// sizeOf returns the total length of the texts among the arguments.
func sizeOf(args []any) int {
	size := 0
	for _, arg := range args {
		if text, ok := arg.(string); ok {
			size += len(text)
		}
	}
	return size
}

func checkedWith(text string, err error) (string, error) {
	if err != nil {
		return text, err
	}
	return checked(text)
}

func checkedList(list any) (any, error) {
	if v := reflect.ValueOf(list); v.Kind() == reflect.Slice && v.Len() > maxElements {
		return nil, errTooLarge
	}
	return list, nil
}

func checkedItems(list []any) ([]any, error) {
	if len(list) > maxElements {
		return nil, errTooLarge
	}
	return list, nil
}
