package chart

import (
	"errors"
	"strings"
	"testing"
	"time"

	"onebranch.dev/renderer/bound"
)

func render(t testing.TB, template string, values map[string]any, limits Limits) (*Output, error) {
	t.Helper()
	chart := Prepare(chartOf(t, map[string]string{"Chart.yaml": chartYAML, "templates/a.yaml": template}))
	return chart.Render(values, Options{Release: "r", Namespace: "n", Limits: limits})
}

func TestRender_StopsWhatRunsWild(t *testing.T) {
	small := Limits{Time: 300 * time.Millisecond, Bytes: 1 << 20}
	for _, c := range []struct{ name, template, want string }{
		{"a list of a billion", "{{ range until 1000000000 }}x{{ end }}", "until would make 1000000000 elements"},
		{"a text repeated without measure", "a: {{ repeat 1000000000 \"x\" }}", "repeat would make 1000000000 elements"},
		{"a sequence", "a: {{ seq 1 1000000000 }}", "seq would make 1000000000 elements"},
		{"an indent of a million", "a: {{ indent 1000000 \"x\" }}", "indent would make 1000000 elements"},
		{"a random text of a billion characters", "a: {{ randAlphaNum 1000000000 }}", "a random text of 1000000000 characters is too long"},
		{"more text than a render may write", "{{ range until 100000 }}0123456789abcdef{{ end }}", "a template writes more text than a render may"},
		{"many loops inside each other", "{{ range until 100000 }}{{ range until 100000 }}{{ print \"\" }}{{ \"\" }}{{ include \"e\" . }}{{ end }}{{ end }}{{ define \"e\" }}{{ end }}", "a template does not come to an end in time"},
		{"a tree of includes", "{{ define \"t\" }}{{ if lt . 60 }}{{ include \"t\" (add1 .) }}{{ include \"t\" (add1 .) }}{{ end }}{{ end }}a: {{ include \"t\" 0 }}", "a template does not come to an end in time"},
		{"loops that write nothing", "{{ range until 1000000 }}{{ range until 1000000 }}{{ end }}{{ end }}", "a template does not come to an end in time"},
		{"a loop over a number", "{{ range 1000000000000 }}{{ end }}", "a template does not come to an end in time"},
		{"a loop in a text of tpl", "a: {{ tpl \"{{ range 1000000000000 }}{{ end }}\" . }}", "a template does not come to an end in time"},
		{"templates that write nothing", "{{ define \"t\" }}{{ if lt (int .) 60 }}{{ template \"t\" (add1 .) }}{{ template \"t\" (add1 .) }}{{ end }}{{ end }}{{ template \"t\" 0 }}", "a template does not come to an end in time"},
		{"a text that doubles", "{{ $x := \"x\" }}{{ range until 60 }}{{ $x = print $x $x }}{{ end }}", "larger than 16 MiB"},
		{"a text that doubles through cat", "{{ $x := \"x\" }}{{ range until 60 }}{{ $x = cat $x $x }}{{ end }}", "larger than 16 MiB"},
		{"a text that doubles through printf", "{{ $x := \"x\" }}{{ range until 60 }}{{ $x = printf \"%s%s\" $x $x }}{{ end }}", "larger than 16 MiB"},
		{"a text that doubles through replace", "{{ $x := \"xx\" }}{{ range until 60 }}{{ $x = replace \"x\" \"xx\" $x }}{{ end }}", "larger than 16 MiB"},
		{"a text that grows through an expression", "{{ $x := \"xx\" }}{{ range until 60 }}{{ $x = regexReplaceAllLiteral \"x\" $x \"xxxxxxxxxxxxxxxx\" }}{{ end }}", "larger than 16 MiB"},
		{"a text that grows through quotes", "{{ $x := \"\\\"\" }}{{ range until 60 }}{{ $x = toJson $x }}{{ end }}", "larger than 16 MiB"},
		{"a join with a long separator", "{{ $x := repeat 1000000 \"x\" }}{{ join $x (until 1000000) }}", "larger than 16 MiB"},
		{"a list that doubles", "{{ $x := list 1 }}{{ range until 60 }}{{ $x = concat $x $x }}{{ end }}", "1048576 elements"},
		{"steps without measure", "{{ untilStep -9223372036854775807 9223372036854775807 1 }}", "untilStep would make"},
		{"a repeat whose product overflows", "{{ repeat 4611686018427387904 \"abcd\" }}", "repeat would make"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := render(t, c.template, nil, small)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error should contain %q, is %v", c.want, err)
			}
		})
	}
}

func TestRender_HundredIncludesDeepIsFine(t *testing.T) {
	out, err := render(t, "{{ define \"d\" }}{{ if lt (int .) 100 }}{{ include \"d\" (add1 .) }}{{ else }}bottom{{ end }}{{ end }}a: {{ include \"d\" 0 }}\n", nil, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if out.Documents[0].Object["a"] != "bottom" {
		t.Errorf("a should be bottom, is %v", out.Documents[0].Object["a"])
	}
}

func TestRender_FindsWhatIsNotTheSameEachTime(t *testing.T) {
	for _, c := range []struct {
		name, template string
		want           string
	}{
		{"a random password", "a: {{ randAlphaNum 8 }}\n", "web/templates/a.yaml randAlphaNum"},
		{"the clock", "a: {{ now | unixEpoch }}\n", "web/templates/a.yaml now"},
		{"the clock through a date without a time", "a: {{ date \"2006\" \"\" }}\n", "web/templates/a.yaml date"},
		{"a certificate", "a: {{ (genCA \"ca\" 365).Cert | b64enc }}\n", "web/templates/a.yaml genCA"},
		{"a random value that is never used", "{{ $x := randAlphaNum 8 }}a: 1\n", ""},
		{"the date of a given time", "a: {{ date \"2006-01-02\" 0 }}\n", ""},
		{"nothing random", "a: {{ .Release.Name }}\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, err := render(t, c.template, nil, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, u := range out.Unsteady {
				got += u.Template + " " + strings.Join(u.Functions, ",")
			}
			if got != c.want {
				t.Errorf("should be %q, is %q", c.want, got)
			}
		})
	}
}

func TestRender_LookupIsEmptyAndNoted(t *testing.T) {
	out, err := render(t, "a: {{ if lookup \"v1\" \"Secret\" \"n\" \"s\" }}found{{ else }}none{{ end }}\n", nil, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if out.Documents[0].Object["a"] != "none" || strings.Join(out.Lookups, "") != "web/templates/a.yaml: v1 Secret" {
		t.Errorf("should be none and noted, is %v and %v", out.Documents[0].Object["a"], out.Lookups)
	}
}

func TestRender_ALimitIsToldApart(t *testing.T) {
	_, err := render(t, "{{ range until 100000 }}0123456789{{ end }}", nil, Limits{Time: time.Second, Bytes: 1000})
	var limit *bound.LimitError
	if !errors.As(err, &limit) {
		t.Errorf("should be a bound.LimitError, is %v", err)
	}
}

func FuzzSplit(f *testing.F) {
	for _, text := range []string{"", "---", "a: 1\n---\nb: 2", "--- x\n", "a\n --- \nb", "\n\n---\n\n---\n", "a---b\n---c", "---\n---", "x\n\t\n---  \ny", "\v---\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want := helmSplit(text)
		got := split(text)
		if strings.Join(want, "\x00") != strings.Join(got, "\x00") {
			t.Errorf("%q: should be %q, is %q", text, want, got)
		}
	})
}

// Reading directly must give the same as the detour through JSON.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"a: 1", "a: [1, 2.5, ~, on]", "1: x\ntrue: y\n1.5: z", "a: &x 1\nb: *x", "a: 2026-01-01", "a: 0o7\nb: 0x1f\nc: 1e3\nd: 12345678901234567890", "a: !!binary aGk=", "<<: {a: 1}"} {
		f.Add(text)
	}
	f.Fuzz(compareParse)
}

func FuzzToYAML(f *testing.F) {
	for _, text := range []string{"a: 1", "a: [x, 'y: z', \"1\", null]", "a: {b: {c: '- d'}}", "a: |\n  many\n  lines\n", "a: 1.5", "'#': ' '"} {
		f.Add(text)
	}
	f.Fuzz(compareToYAML)
}
