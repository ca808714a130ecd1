/** Fields of a ConfigMap's `data`, each a use of some template feature; CHART is the chart's name. */
export const fields = [
  "quoted: {{ .Values.alpha | quote }}",
  "squoted: {{ .Values.beta | squote }}",
  'printed: {{ printf "%v" .Values.gamma | quote }}',
  'typed: {{ printf "%T %s" .Values.size (kindOf .Values.size) | quote }}',
  'kinds: {{ list (kindOf .Values.map) (typeOf .Values.list) (kindOf .Values.replicas) | join "," | quote }}',
  "json: {{ .Values | toJson | quote }}",
  "pretty: |\n    {{- .Values.nested | toPrettyJson | nindent 4 }}",
  "raw: {{ .Values.map | toRawJson | squote }}",
  "yaml: |\n    {{- toYaml .Values.nested | nindent 4 }}",
  "yaml-map: |\n    {{- toYaml .Values.map | nindent 4 }}",
  'toml: |\n    {{- toToml (dict "a" 1 "b" (dict "c" "x")) | nindent 4 }}',
  'from: {{ (fromYaml "a: 1\\nb: [x]").a | quote }}',
  'from-json: {{ (fromJson "{\\"a\\": 1.5}").a | quote }}',
  'from-list: {{ fromYamlArray "- a\\n- 2" | toJson | quote }}',
  'from-bad: {{ (fromYaml "a: [").Error | default "" | trunc 20 | quote }}',
  "tpl: {{ tpl (toString .Values.text) . | quote }}",
  'tpl-included: {{ tpl "{{ include \\"CHART.name\\" . }}" . | quote }}',
  'helper: {{ include "CHART.name" . | upper | quote }}',
  "kube: {{ .Capabilities.KubeVersion.Major | quote }}",
  "kube-minor: {{ .Capabilities.KubeVersion.Minor | quote }}",
  'kube-semver: {{ semverCompare ">=1.30-0" .Capabilities.KubeVersion.GitVersion | quote }}',
  'apis: {{ .Capabilities.APIVersions.Has "apps/v1" }}-{{ .Capabilities.APIVersions.Has "apps/v1/Deployment" }}-{{ .Capabilities.APIVersions.Has "policy/v1beta1" }}',
  'apis-gone: {{ .Capabilities.APIVersions.Has "batch/v1beta1/CronJob" | quote }}',
  'apis-argo: {{ .Capabilities.APIVersions.Has "argoproj.io/v1alpha1" | quote }}',
  'apis-none: {{ .Capabilities.APIVersions.Has "monitoring.coreos.com/v1/ServiceMonitor" | quote }}',
  'release: {{ printf "%s %s %d %t %s" .Release.Name .Release.Namespace .Release.Revision .Release.IsInstall .Release.Service | quote }}',
  'chart: {{ printf "%s %s %s %s" .Chart.Name .Chart.Version .Chart.AppVersion .Chart.Type | quote }}',
  "chart-json: {{ .Chart.Keywords | toJson | quote }}",
  "helm: {{ .Capabilities.HelmVersion.Version | quote }}",
  "kube-full: {{ .Capabilities.KubeVersion.Version | quote }}",
  "template: {{ .Template.Name | quote }}",
  "base-path: {{ .Template.BasePath | quote }}",
  'file: {{ .Files.Get "files/a.txt" | quote }}',
  'file-none: {{ .Files.Get "files/none.txt" | quote }}',
  'lines: {{ .Files.Lines "files/a.txt" | toJson | quote }}',
  'glob: {{ range $path, $data := .Files.Glob "files/*" }}{{ $path }}={{ len $data }};{{ end }}',
  'lookup: {{ lookup "v1" "Secret" .Release.Namespace "x" | toJson | quote }}',
  'lookup-data: {{ (lookup "v1" "ConfigMap" "kube-system" "kube-root-ca.crt").data | default dict | len | quote }}',
  'merged: {{ merge (dict "a" 1) (.Values.map | default dict) | toJson | quote }}',
  'overwritten: {{ mustMergeOverwrite (dict "a" 1 "b" (dict "x" 1)) (dict "b" (dict "y" 2)) | toJson | quote }}',
  "copied: {{ deepCopy (.Values.extra | default dict) | toJson | quote }}",
  'picked: {{ pick (.Values.map | default dict) "a" "b" | toJson | quote }}',
  'dug: {{ dig "one" "two" "none" (dict "one" (dict "two" .Values.alpha)) | toJson | quote }}',
  'coalesced: {{ coalesce .Values.missing .Values.label "last" | quote }}',
  'ternary: {{ ternary "yes" "no" (empty .Values.list) | quote }}',
  "sums: {{ add 1 2 .Values.replicas }}-{{ mul 2 3 }}-{{ div 7 2 }}-{{ mod 7 2 }}-{{ addf 1.5 2 }}-{{ round 3.14159 2 }}-{{ max 1 5 3 }}-{{ floor 1.7 }}",
  'ints: {{ int "12" }}-{{ int64 1.9 }}-{{ float64 "1.5" }}-{{ atoi "7" }}-{{ toDecimal "755" }}',
  'lists: {{ list 3 1 2 1 | uniq | sortAlpha | join "," }}-{{ without (list 1 2 3) 2 | toJson }}-{{ chunk 2 (list 1 2 3) | toJson }}',
  "until: u{{ untilStep 0 10 3 | toJson }}{{ seq 1 2 7 }}",
  'strings: {{ "Some words here" | snakecase }}-{{ "some_words" | camelcase }}-{{ "SomeWords" | kebabcase }}-{{ "abcdef" | abbrev 5 }}-{{ "a b" | title }}-{{ initials "First Second" }}-{{ plural "one" "many" 2 }}',
  'wrapped: {{ wrap 10 "a text that is long" | quote }}',
  'regex: {{ regexReplaceAll "a(x*)b" "-ab-axxb-" "${1}W" }}-{{ regexMatch "^[a-z]+$" "abc" }}-{{ regexSplit "z+" "pizza" -1 | toJson }}',
  'sums-of: {{ .Values.map | toJson | sha256sum | trunc 16 }}-{{ "x" | adler32sum }}-{{ "x" | sha1sum }}',
  'coded: {{ "text" | b64enc }}-{{ "dGV4dA==" | b64dec }}-{{ "x" | b32enc }}',
  'url: {{ (urlParse "http://u@example.com:80/p?q=1#f").host }}-{{ urlJoin (dict "scheme" "http" "host" "h" "path" "/p") }}',
  'semver: {{ (semver "1.2.3-beta.1+build").Prerelease }}-{{ semverCompare "^1.2.0" "1.9.0" }}',
  'path: {{ base "/a/b.txt" }}-{{ dir "/a/b.txt" }}-{{ ext "b.txt" }}-{{ clean "/a/../b" }}-{{ isAbs "/a" }}',
  'date: {{ date "2006-01-02" (toDate "2006-01-02" "2026-05-06") }}-{{ duration 95 }}-{{ durationRound "2h10m5s" }}-{{ durationSeconds "1m30s" }}-{{ durationTruncateTo "2h10m" "1h" }}',
  "ranged: {{ range $i, $item := (.Values.list | default list) }}{{ $i }}={{ $item | toJson | b64enc }};{{ else }}none{{ end }}",
  "ranged-map: {{ range $key, $value := .Values.env }}{{ $key }}={{ tpl ($value | toString) $ }};{{ end }}",
  "counted: {{ range $i := until 5 }}{{ if eq $i 1 }}{{ continue }}{{ end }}{{ if eq $i 4 }}{{ break }}{{ end }}{{ $i }}{{ end }}",
  "with: {{ with .Values.missing }}{{ . }}{{ else with .Values.label }}{{ . | toString | b64enc }}{{ else }}neither{{ end }}",
  'block: {{ block "CHART.block" . }}{{ .Chart.Name }}{{ end }}',
  "variables: {{ $x := 1 }}{{ range list 1 2 }}{{ $x = add $x . }}{{ end }}{{ $x }}",
  'compared: {{ and (eq 1 1) (ne "a" "b") (lt 1 2) (ge 2 2) }}-{{ or "" "b" }}-{{ not true }}',
  'has: {{ has "a" (list "a" "b") }}-{{ hasKey .Values "alpha" }}-{{ keys .Values.env | sortAlpha | join "," }}',
  'sliced: s{{ slice (list 1 2 3) 1 | toJson }}-{{ first (list 1 2) }}-{{ rest (list 1 2) | toJson }}-{{ index (list "a" "b") 1 }}',
  "global: {{ .Values.global.zone | quote }}",
  'subcharts: {{ keys .Subcharts | sortAlpha | join "," | quote }}',
  "root: {{ .Chart.IsRoot | quote }}",
  'number: "{{ .Values.size }}"',
  "tag: {{ .Values.image.tag | quote }}",
  "multi: |\n    line one {{ .Release.Name }}\n    {{- range $k, $v := .Values.env }}\n    {{ $k }}: {{ $v }}\n    {{- end }}",
  'semantics: {{ "" | default "d" }}-{{ 0 | default 5 }}-{{ false | default true }}-{{ list | default "l" }}',
  'trim: {{ trim "  x " }}{{ trimAll "$" "$5$" }}{{ trimSuffix "-" "a-" }}{{ nospace "a b c" }}',
  'concat: c{{ concat (list 1) (list 2 "x") | toJson }}{{ append (list 1) 2 | toJson }}{{ prepend (list 1) 0 | toJson }}',
  'dicts: {{ $d := dict "a" 1 }}{{ $_ := set $d "b" 2 }}{{ $_ := unset $d "a" }}d{{ $d | toJson }}{{ values $d | toJson }}',
  'must: m{{ mustToJson (list 1) }}{{ mustRegexMatch "a" "a" }}',
  'substr: {{ substr 0 3 "hello" }}-{{ repeat 2 "ab" }}-{{ contains "a" "ab" }}-{{ replace "a" "b" "aa" }}-{{ cat "a" "b" }}-{{ swapcase "aB" }}',
  'octal: "{{ 0755 }}-{{ 1e3 }}-{{ 0x1F }}-{{ 1_000 }}"',
  "nil: {{ .Values.nothing | toJson }}-{{ .Values.nothing }}",
  "commented: {{/* not here */}}here",
];

/** Whole documents; each ends with a line end, or not. */
export const documents = [
  `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "CHART.name" . }}
  labels: {{- include "CHART.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: {{ .Release.Name }} } }
  template:
    metadata: { labels: { app: {{ .Release.Name }} } }
    spec:
      containers:
        - name: main
          image: "registry.example.com/{{ .Chart.Name }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          env:
            {{- range $name, $value := .Values.env }}
            - { name: {{ $name }}, value: {{ tpl (toString $value) $ | quote }} }
            {{- end }}
          {{- with .Values.extra }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
      volumes:
        - name: files
          configMap: { name: files, defaultMode: 0644 }
`,
  `apiVersion: v1
kind: Service
metadata: { name: {{ .Release.Name }}-svc, annotations: { on: "yes", n: "{{ .Values.replicas }}" } }
spec:
  ports:
    - port: 80
      targetPort: {{ .Values.port | default "http" }}
      protocol: TCP
  selector: { app: {{ .Release.Name }} }`,
  `{{- if .Capabilities.APIVersions.Has "autoscaling/v2" }}
apiVersion: autoscaling/v2
{{- else }}
apiVersion: autoscaling/v1
{{- end }}
kind: HorizontalPodAutoscaler
metadata: { name: {{ .Release.Name }} }
spec: { minReplicas: {{ .Values.replicas }}, maxReplicas: {{ mul .Values.replicas 3 }} }
`,
  `{{ (.Files.Glob "files/*").AsConfig | trim | empty | ternary "# no files" "# files" }}
apiVersion: v1
kind: ConfigMap
metadata: { name: files }
data:
  {{- (.Files.Glob "files/*").AsConfig | nindent 2 }}
---
apiVersion: v1
kind: Secret
metadata: { name: files }
type: Opaque
data:
  {{- (.Files.Glob "files/*").AsSecrets | nindent 2 }}
`,
  `{{- range $name := list "a" "b" }}
---
apiVersion: v1
kind: ConfigMap
metadata: { name: ranged-{{ $name }} }
data:
  {{ $name }}.json: |
    {{- dict "title" $name "release" $.Release.Name | toPrettyJson | nindent 4 }}
{{- end }}
`,
  `apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-hook
  annotations:
    "helm.sh/hook": pre-install,post-upgrade
    "helm.sh/hook-weight": "{{ .Values.replicas }}"
    "helm.sh/hook-delete-policy": before-hook-creation
spec: { template: { spec: { restartPolicy: Never, containers: [{ name: c, image: i }] } } }
---
apiVersion: v1
kind: Pod
metadata: { name: "{{ .Release.Name }}-test", annotations: { "helm.sh/hook": test } }
spec: { containers: [{ name: c, image: i }] }
`,
  `apiVersion: v1
kind: List
items:
  - { apiVersion: v1, kind: ConfigMap, metadata: { name: item-1 }, data: { n: "1" } }
  - { apiVersion: v1, kind: ServiceAccount, metadata: { name: item-2 } }
`,
  `# only a comment
---
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: "{{ .Release.Name }}-role" }
rules:
  - apiGroups: [""]
    resources: [configmaps]
    verbs: ["*"]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: {{ .Release.Name }}-binding }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{ .Release.Name }}-role }
subjects: [{ kind: ServiceAccount, name: default, namespace: {{ .Release.Namespace }} }]
`,
  `apiVersion: v1
kind: Namespace
metadata: { name: {{ .Release.Namespace }}-more, annotations: { helm.sh/resource-policy: keep } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: elsewhere, namespace: other }
data: { k: v }
`,
  `apiVersion: example.com/v1
kind: Widget
metadata: { name: {{ .Release.Name }} }
spec:
  small: 1
  big: 12345678901234
  float: 1.50
  exponent: 1e3
  octal: 0o14
  old-octal: 014
  hex: 0xff
  word: on
  date: 2026-01-01
  nothing: ~
  empty: {}
  list: []
  text: "1"
  {{- with .Values.nested }}
  nested: {{- toYaml . | nindent 4 }}
  {{- end }}
`,
  `apiVersion: v1
kind: ConfigMap
metadata: { name: twice }
data: { n: "1" }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: twice }
data: { n: "2" }
`,
  `{{- if .Values.missing }}
apiVersion: v1
kind: ConfigMap
metadata: { name: never }
{{- end }}
`,
  `apiVersion: v1
kind: ConfigMap
metadata:
  name: anchors
  labels: &labels { a: x, b: "y" }
data:
  <<: *labels
  text: |
    {{- range $i := until 3 }}
    line {{ $i }}
    {{- end }}
`,
];

/** What makes a render fail, now and then, and why. */
export const faults = [
  'failed: {{ required "a value is required here" .Values.missing }}',
  'failed: {{ fail "this chart gives up" }}',
  "failed: {{ .Values.missing.deeper.still }}",
  'failed: {{ include "CHART.nowhere" . }}',
  "failed: {{ index (list 1 2) 5 }}",
  "failed: {{ nofunction }}",
  "failed: {{ .Values.alpha",
  "failed: [{{ .Release.Name }}",
  'failed: {{ tpl "{{ .Nope.nope }}" . }}',
  "failed: {{ .Values.alpha.beta }}",
  'failed: {{ mustToDate "2006" "x" }}',
  "\tfailed: tab",
];
