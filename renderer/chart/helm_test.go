package chart

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/engine"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
	"sigs.k8s.io/yaml"
)

// chartOf loads a chart from texts, by file name.
func chartOf(t testing.TB, files map[string]string) *chartv2.Chart {
	t.Helper()
	var buffered []*archive.BufferedFile
	for _, name := range sortedFileNames(files) {
		buffered = append(buffered, &archive.BufferedFile{Name: name, Data: []byte(files[name])})
	}
	chart, err := loader.LoadFiles(buffered)
	if err != nil {
		t.Fatal(err)
	}
	return chart
}

func sortedFileNames(files map[string]string) []string {
	set := map[string]bool{}
	for name := range files {
		set[name] = true
	}
	return sortedKeys(set)
}

// helmItself renders with the library as `helm template --include-crds` does, and returns the documents it would print.
func helmItself(t testing.TB, files map[string]string, values map[string]any, options Options) ([]string, error) {
	chart := chartOf(t, files)
	if err := chartutil.ProcessDependencies(chart, values); err != nil {
		return nil, err
	}
	capabilities := common.DefaultCapabilities.Copy()
	if options.KubeVersion != "" {
		version, err := common.ParseKubeVersion(options.KubeVersion)
		if err != nil {
			return nil, err
		}
		capabilities.KubeVersion = *version
	}
	capabilities.APIVersions = append(capabilities.APIVersions, options.APIVersions...)
	release := common.ReleaseOptions{Name: options.Release, Namespace: options.Namespace, Revision: 1, IsInstall: true}
	top, err := util.ToRenderValues(chart, values, release, capabilities)
	if err != nil {
		return nil, err
	}
	rendered, err := engine.Render(chart, top)
	if err != nil {
		return nil, err
	}
	for name := range rendered {
		if strings.HasSuffix(name, "NOTES.txt") {
			delete(rendered, name)
		}
	}
	hooks, manifests, err := releaseutil.SortManifests(rendered, nil, releaseutil.InstallOrder)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, crd := range chart.CRDObjects() {
		out = append(out, split(string(crd.File.Data))...)
	}
	for _, m := range manifests {
		out = append(out, m.Content)
	}
	for _, h := range hooks {
		out = append(out, h.Manifest)
	}
	return out, nil
}

func parseYAML(t testing.TB, text string) map[string]any {
	t.Helper()
	out := map[string]any{}
	if err := yaml.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

const chartYAML = "apiVersion: v2\nname: web\nversion: 1.2.3\nappVersion: 4.5.6\n"

// cases are charts whose render must equal Helm's, byte for byte.
var cases = []struct {
	name   string
	files  map[string]string
	values string
}{
	{"the lines of a file", map[string]string{
		"files/a.txt": "one\ntwo\n", "templates/a.yaml": "a: {{ .Files.Lines \"files/a.txt\" | toJson }}\nb: {{ .Files.Lines \"none\" | toJson }}\n",
	}, ""},
	{"durations", map[string]string{
		"values.yaml":      "texts: [1h30m, ' 90s ', '2.5', '', nonsense, '1e400', '-5', NaN]\nnumbers: [90, 1.5, -3, 1e300, 9223372037, true, null]\n",
		"templates/a.yaml": "{{ range $i, $v := concat .Values.texts .Values.numbers (list (int 5) (int64 -7) (duration \"3\")) }}v{{ $i }}: {{ list (durationNanoseconds $v) (durationMicroseconds $v) (durationMilliseconds $v) (durationSeconds $v) (durationMinutes $v) (durationHours $v) (durationDays $v) (durationWeeks $v) (durationRoundTo $v \"1m\" | toString) (durationTruncateTo $v 60 | toString) (durationRoundTo $v \"x\" | toString) | toJson }}\n{{ end }}must: {{ mustToDuration \"2h\" }}\n",
	}, ""},
	{"a text that is no duration", map[string]string{"templates/a.yaml": "a: {{ mustToDuration \"soon\" }}\n"}, ""},
	{"a number that is too large for a duration", map[string]string{"templates/a.yaml": "a: {{ mustToDuration 9223372037 }}\n"}, ""},
	{"documents whose ends are kept", map[string]string{
		"templates/a.yaml": "---   \na: |+\n  x\n\n\n---\t # c\nb: |+\n  y\n\n--- \n\n---\nc: |\n  z\n----\nd: 1\n",
		"templates/b.yaml": "e: 1\n ---\nf: \"a\n  ---\"\n",
	}, ""},
	{"an empty file has no lines", map[string]string{
		"files/a.txt": "", "templates/a.yaml": "a: {{ .Files.Lines \"files/a.txt\" | toJson }}\n",
	}, ""},
	{"a value, a default and a missing value", map[string]string{
		"values.yaml":      "a: 1\nnested: {x: y, gone: null}\n",
		"templates/a.yaml": "a: {{ .Values.a }}\nb: {{ .Values.b | default \"none\" }}\nc: {{ .Values.missing }}\nd: {{ toYaml .Values.nested | nindent 2 }}\n",
	}, "b: two\n"},
	{"null removes a default, in nested maps too", map[string]string{
		"values.yaml":      "keep: 1\ndrop: 2\nmap: {a: 1, b: {c: 2, d: 3}}\nlist: [1, null, {a: null}]\n",
		"templates/a.yaml": "v: {{ toJson .Values }}\n",
	}, "drop: null\nmap: {b: {c: null}, extra: null}\nother: null\n"},
	{"documents sorted by kind, hooks last, CRDs first", map[string]string{
		"crds/b.yaml":      "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: b}\n",
		"templates/a.yaml": "kind: Zebra\nmetadata: {name: z}\n---\nkind: Deployment\nmetadata: {name: d}\n---\nkind: Apple\nmetadata: {name: a}\n--- # comment\nkind: Namespace\nmetadata: {name: n}\n",
		"templates/h.yaml": "kind: Job\nmetadata:\n  name: h\n  annotations: {helm.sh/hook: \"pre-install, post-upgrade\"}\n---\nkind: Pod\nmetadata:\n  name: t\n  annotations: {helm.sh/hook: test}\n---\nkind: Job\nmetadata:\n  name: dropped\n  annotations: {helm.sh/hook: no-such-event}\n",
	}, ""},
	{"include, tpl, definitions inside tpl and nested tpl", map[string]string{
		"values.yaml":            "name: '{{ .Release.Name }}-x'\ninner: '{{ define \"in\" }}IN {{ . }}{{ end }}{{ include \"in\" .Chart.Name }}'\nouter: '{{ tpl .Values.inner . }}'\n",
		"templates/_helpers.tpl": "{{ define \"n\" }}{{ .Chart.Name }}-{{ .Release.Name }}{{ end }}\n{{ define \"file\" }}{{ .Template.Name }}{{ end }}",
		"templates/a.yaml":       "n: {{ include \"n\" . }}\nf: {{ include \"file\" . }}\nt: {{ tpl .Values.name . }}\ni: {{ tpl .Values.outer . }}\nd: {{ include \"n\" (dict \"Chart\" .Chart \"Release\" .Release) }}\n",
		"templates/b.yaml":       "n: {{ include \"n\" . }}\nf: {{ include \"file\" . }}\n",
	}, ""},
	{"templates that change values are seen by later ones", map[string]string{
		"values.yaml":            "m: {a: 1}\n",
		"templates/_helpers.tpl": "{{ define \"bump\" }}{{ $_ := set .Values.m \"a\" (add1 (int .Values.m.a)) }}{{ .Values.m.a }}{{ end }}",
		"templates/a.yaml":       "a: {{ include \"bump\" . }}\n",
		"templates/b.yaml":       "b: {{ include \"bump\" . }}\nc: {{ include \"bump\" . }}\n",
	}, ""},
	{"a change of values inside tpl", map[string]string{
		"values.yaml":            "m: {a: 1}\ntext: '{{ $_ := set .Values.m \"a\" 7 }}'\n",
		"templates/_helpers.tpl": "{{ define \"a\" }}{{ .Values.m.a }}{{ end }}",
		"templates/a.yaml":       "a: {{ include \"a\" . }}{{ tpl .Values.text . }}\nb: {{ include \"a\" . }}\n",
	}, ""},
	{"a definition of a deeper file loses against a higher one", map[string]string{
		"templates/sub/_x.tpl": "{{ define \"x\" }}deep{{ end }}",
		"templates/_x.tpl":     "{{ define \"x\" }}high{{ end }}",
		"templates/a.yaml":     "x: {{ template \"x\" }}\n",
	}, ""},
	{"files, globs and lines", map[string]string{
		"files/a.txt":      "one\ntwo\n",
		"files/b.bin":      "\x00\x01",
		"templates/a.yaml": "a: {{ .Files.Get \"files/a.txt\" | quote }}\nl: {{ .Files.Lines \"files/a.txt\" | toJson }}\nc: {{ (.Files.Glob \"files/*.txt\").AsConfig | nindent 2 }}\ns: {{ (.Files.Glob \"files/*\").AsSecrets | nindent 2 }}\nn: {{ .Files.Get \"no\" }}\n",
	}, ""},
	{"capabilities and release", map[string]string{
		"templates/a.yaml": "k: {{ .Capabilities.KubeVersion.Version }} {{ .Capabilities.KubeVersion.Minor }}\nh: {{ .Capabilities.APIVersions.Has \"example.com/v1\" }} {{ .Capabilities.APIVersions.Has \"apps/v1\" }}\nr: {{ toJson .Release }}\nc: {{ toJson .Chart }}\n",
	}, ""},
	{"numbers as Helm prints them", map[string]string{
		"values.yaml":      "i: 3\nbig: 1000000\nhuge: 12345678901234567890\nf: 1.5\ne: 1e3\noct: 0644\non: on\ns: '007'\nneg: -0.0\ndate: 2026-01-02\n",
		"templates/a.yaml": "a: {{ .Values.i }} {{ .Values.big }} {{ .Values.huge }} {{ .Values.f }} {{ .Values.e }} {{ .Values.oct }} {{ .Values.on }} {{ .Values.s }} {{ .Values.date }}\nb: {{ toYaml .Values | nindent 2 }}\nc: {{ toJson .Values | quote }}\n",
	}, ""},
	{"texts that YAML has to quote", map[string]string{
		"values.yaml":      "a: \"yes\"\nb: \"1\"\nc: \"a: b\"\nd: \"multi\\nline\\n\"\ne: \"\\u2028\"\nf: \"é\"\ng: \"\"\nh: \" lead\"\ni: \"#x\"\nj: \"null\"\nk: \"~\"\nl: \"1e3\"\nm: \"0x1\"\nn: \"tab\\t\"\no: \"😀\"\np: \"<a&b>\"\nq: \"- x\"\nr: \"2026-01-01\"\ns: \"\\x7f\"\n",
		"templates/a.yaml": "v: {{ toYaml .Values | nindent 2 }}\np: {{ toYamlPretty .Values | nindent 2 }}\n",
	}, ""},
	{"conversions of bad input", map[string]string{
		"templates/a.yaml": "a: {{ fromYaml \"a: [\" | toJson | quote }}\nb: {{ fromJson \"{\" | toJson | quote }}\nc: {{ fromYamlArray \"a: 1\" | toJson | quote }}\nd: {{ fromJsonArray \"1\" | toJson | quote }}\ne: {{ fromToml \"a = \" | toJson | quote }}\nf: {{ toToml (dict \"a\" 1) | quote }}\n",
	}, ""},
	{"a dependency with an alias, a condition, globals and imported values", map[string]string{
		"Chart.yaml":                     chartYAML + "dependencies:\n- {name: db, version: 1.0.0, alias: store, condition: store.enabled, import-values: [{child: exported, parent: fromdb}]}\n- {name: off, version: 1.0.0, condition: off.enabled}\n",
		"values.yaml":                    "global: {g: 1, m: {x: 1}}\nstore: {enabled: true, size: 2}\noff: {enabled: false}\n",
		"templates/a.yaml":               "a: {{ toJson .Values }}\ns: {{ .Subcharts.store.Values.size }}\n",
		"charts/db/Chart.yaml":           "apiVersion: v2\nname: db\nversion: 1.0.0\n",
		"charts/db/values.yaml":          "size: 1\nexported: {port: 5432}\nglobal: {m: {y: 2}}\nnothing: null\n",
		"charts/db/templates/b.yaml":     "b: {{ toJson .Values }}\nn: {{ .Chart.Name }} {{ .Template.Name }} {{ .Chart.IsRoot }}\n",
		"charts/db/templates/_h.tpl":     "{{ define \"h\" }}db{{ end }}",
		"charts/off/Chart.yaml":          "apiVersion: v2\nname: off\nversion: 1.0.0\n",
		"charts/off/templates/c.yaml":    "c: {{ fail \"must not run\" }}\n",
		"charts/off/templates/NOTES.txt": "notes",
	}, "store: {size: 3}\nglobal: {g: 2}\n"},
	{"a library chart gives definitions only", map[string]string{
		"Chart.yaml":                    chartYAML + "dependencies:\n- {name: lib, version: 1.0.0}\n",
		"templates/a.yaml":              "a: {{ include \"lib.x\" . }}\n",
		"charts/lib/Chart.yaml":         "apiVersion: v2\nname: lib\nversion: 1.0.0\ntype: library\n",
		"charts/lib/templates/_x.tpl":   "{{ define \"lib.x\" }}lib {{ .Chart.Name }}{{ end }}",
		"charts/lib/templates/bad.yaml": "bad: {{ fail \"must not run\" }}\n",
	}, ""},
	{"an empty file, blanks and comments only", map[string]string{
		"templates/a.yaml": "",
		"templates/b.yaml": "  \n\n",
		"templates/c.yaml": "# nothing\n",
		"templates/d.yaml": "---\n\n---\na: 1\n---\n",
		"templates/e.yaml": "{{ if false }}x: 1{{ end }}",
	}, ""},
	{"a required value, a fail and a missing template are errors", map[string]string{
		"templates/a.yaml": "a: {{ required \"a is needed\" .Values.a }}\n",
	}, ""},
	{"fail", map[string]string{"templates/a.yaml": "a: {{ fail \"no way\" }}\n"}, ""},
	{"a template that does not exist", map[string]string{"templates/a.yaml": "a: {{ include \"nope\" . }}\n"}, ""},
	{"a template that does not parse", map[string]string{"templates/a.yaml": "a: {{ if }}\n"}, ""},
	{"a result that is no YAML", map[string]string{"templates/a.yaml": "a: b: c\n"}, ""},
	{"values that the schema refuses", map[string]string{
		"values.schema.json": `{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"a":{"type":"integer"},"b":{"enum":["x"]}}}`,
		"templates/a.yaml":   "a: 1\n",
	}, "a: text\nb: y\n"},
	{"a strict schema of a subchart, which Helm gives global to", map[string]string{
		"charts/sub/Chart.yaml":         "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
		"charts/sub/values.schema.json": `{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"a":{"type":"integer"}},"additionalProperties":false}`,
		"charts/sub/templates/a.yaml":   "a: {{ .Values.a }}\n",
	}, "sub: {a: 1}\nglobal: {b: 2}\n"},
	{"a template that includes itself", map[string]string{"templates/a.yaml": "{{ define \"r\" }}{{ include \"r\" . }}{{ end }}a: {{ include \"r\" . }}\n"}, ""},
}

func TestRender_IsHelmsByteForByte(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.files["Chart.yaml"] == "" {
				c.files["Chart.yaml"] = chartYAML
			}
			options := Options{Release: "rel", Namespace: "ns", KubeVersion: "1.36", APIVersions: []string{"example.com/v1"}}
			want, wantErr := helmItself(t, c.files, parseYAML(t, c.values), options)
			prepared := Prepare(chartOf(t, c.files))
			for round := range 2 {
				got, err := prepared.Render(parseYAML(t, c.values), options)
				if (err == nil) != (wantErr == nil) {
					t.Fatalf("round %d: error should be %v, is %v", round, wantErr, err)
				}
				if err != nil {
					if said := lastLine(wantErr.Error()); !strings.Contains(err.Error(), said) {
						t.Errorf("round %d: error should say %q, is %q", round, said, err)
					}
					continue
				}
				compareDocuments(t, want, got.Documents)
			}
		})
	}
}

func compareDocuments(t testing.TB, want []string, got []Document) {
	t.Helper()
	var kept []string
	for _, text := range want {
		if object := parseYAML(t, text); len(object) > 0 {
			kept = append(kept, text)
		}
	}
	var texts []string
	for _, d := range got {
		texts = append(texts, d.Text)
	}
	if a, b := strings.Join(kept, "\n---\n"), strings.Join(texts, "\n---\n"); a != b {
		t.Errorf("should be:\n%s\nis:\n%s", a, b)
	}
}

// lastLine is the part of Helm's error that says what is wrong; the lines before it say where.
func lastLine(message string) string {
	lines := strings.Split(strings.TrimSpace(message), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}

func TestRender_TheSameChartForManyValuesGivesEachItsOwn(t *testing.T) {
	prepared := Prepare(chartOf(t, map[string]string{
		"Chart.yaml":         chartYAML,
		"values.yaml":        "list: [a]\nm: {x: 1}\n",
		"templates/_h.tpl":   "{{ define \"n\" }}{{ .Release.Name }}-{{ .Values.i }}{{ end }}",
		"templates/cm.yaml":  "kind: ConfigMap\nmetadata: {name: {{ include \"n\" . }}}\ndata: {x: {{ .Values.m.x | quote }}}\n",
		"templates/cm2.yaml": "kind: ConfigMap\nmetadata: {name: {{ include \"n\" . }}2}\n",
	}))
	for i := range 200 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			out, err := prepared.Render(map[string]any{"i": float64(i)}, Options{Release: "r", Namespace: "n"})
			if err != nil {
				t.Fatal(err)
			}
			if want := fmt.Sprintf("name: r-%d}", i); !strings.Contains(out.Documents[0].Text, want) {
				t.Errorf("should contain %q, is %s", want, out.Documents[0].Text)
			}
		})
	}
}

func TestRender_TwiceGivesTheSameBytes(t *testing.T) {
	for _, c := range cases {
		c.files["Chart.yaml"] = first(c.files["Chart.yaml"], chartYAML)
		var texts [2]bytes.Buffer
		for round := range texts {
			out, err := Prepare(chartOf(t, c.files)).Render(parseYAML(t, c.values), Options{Release: "rel", Namespace: "ns"})
			if err != nil {
				texts[round].WriteString(err.Error())
				continue
			}
			for _, d := range out.Documents {
				fmt.Fprintln(&texts[round], d.Source, d.Text)
			}
		}
		if texts[0].String() != texts[1].String() {
			t.Errorf("%s: the second render differs:\n%s\n%s", c.name, &texts[0], &texts[1])
		}
	}
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
