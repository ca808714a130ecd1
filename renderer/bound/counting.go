package bound

import (
	"math"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"
)

// maxIndent is more than any real indentation.
const maxIndent = 1024

// counting are the functions of Sprig that turn a number into something large.
var counting = func() template.FuncMap {
	sprigs := sprig.TxtFuncMap()
	until := sprigs["until"].(func(int) []int)
	untilStep := sprigs["untilStep"].(func(int, int, int) []int)
	seq := sprigs["seq"].(func(...int) string)
	indented := func(name string) func(int, string) (string, error) {
		indent := sprigs[name].(func(int, string) string)
		return func(spaces int, text string) (string, error) {
			if spaces < 0 || spaces > maxIndent {
				return "", tooMany(name, spaces)
			}
			if (strings.Count(text, "\n")+1)*spaces > maxText {
				return "", errTooLarge
			}
			return indent(spaces, text), nil
		}
	}
	return template.FuncMap{
		"until": func(count int) ([]int, error) {
			if count > maxElements || count < -maxElements {
				return nil, tooMany("until", count)
			}
			return until(count), nil
		},
		"untilStep": func(start, stop, step int) ([]int, error) {
			if count := (float64(stop) - float64(start)) / float64(step); step != 0 && math.Abs(count) > maxElements {
				return nil, tooMany("untilStep", int(count))
			}
			return untilStep(start, stop, step), nil
		},
		"seq": func(params ...int) (string, error) {
			for _, n := range params {
				if n > maxElements || n < -maxElements {
					return "", tooMany("seq", n)
				}
			}
			return seq(params...), nil
		},
		"repeat": func(count int, text string) (string, error) {
			if count < 0 || count > maxElements || count*len(text) > maxText {
				return "", tooMany("repeat", max(count, -count))
			}
			return strings.Repeat(text, count), nil
		},
		"indent":  indented("indent"),
		"nindent": indented("nindent"),
	}
}()
