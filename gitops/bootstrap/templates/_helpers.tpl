{{/* The cluster these objects are in; every Application stays inside it. */}}
{{- define "bootstrap.server" -}}
https://kubernetes.default.svc
{{- end }}

{{/*
Takes {context, kind}. Where resources outlive their Application, the objects that make Applications outlive a mistake in this
chart too. Projects come first: an ApplicationSet leaves out an Application whose project is not there yet, until its next look.
*/}}
{{- define "bootstrap.annotations" -}}
{{- $project := eq .kind "AppProject" -}}
{{- if or $project .context.Values.preserveResourcesOnDeletion -}}
annotations:
  {{- if $project }}
  argocd.argoproj.io/sync-wave: "-1"
  {{- end }}
  {{- if .context.Values.preserveResourcesOnDeletion }}
  argocd.argoproj.io/sync-options: Prune=false,Delete=false
  {{- end }}
{{- end }}
{{- end }}

{{/* Freezes protect users; a cluster on someone's own machine has none, even when it rehearses a stage that has them. */}}
{{- define "bootstrap.syncWindows" -}}
{{- if and .Values.syncWindows (not (has .Values.provider (list "embedded" "kind"))) -}}
syncWindows:
  {{- range .Values.syncWindows }}
  - kind: {{ .kind }}
    schedule: {{ .schedule | quote }}
    duration: {{ .duration | quote }}
    timeZone: {{ .timeZone | default "UTC" | quote }}
    manualSync: {{ .manualSync | default false }}
    applications: ["*"]
  {{- end }}
{{- end }}
{{- end }}

{{/*
This stage's pins, each overridden by this cluster's own pin of the same component. A cluster's pin alone makes nothing: only
components of the first generator survive a merge. Everything is a literal, so no generator has to know the cluster.
Takes {context, thirdParty}: a pin with `repo` is a chart from somewhere else.
*/}}
{{- define "bootstrap.generators" -}}
{{- $values := .context.Values -}}
- merge:
    mergeKeys: [component]
    generators:
      - git:
          repoURL: {{ $values.repoURL | quote }}
          revision: {{ $values.targetRevision | toString | quote }}
          requeueAfterSeconds: {{ $values.pollSeconds }}
          files:
            - path: gitops/addons/*/stages/{{ $values.stage }}/pin.yaml
            - path: gitops/apps/*/stages/{{ $values.stage }}/pin.yaml
          {{- include "bootstrap.emptyTemplate" . | nindent 10 }}
      - git:
          repoURL: {{ $values.repoURL | quote }}
          revision: {{ $values.targetRevision | toString | quote }}
          requeueAfterSeconds: {{ $values.pollSeconds }}
          pathParamPrefix: pin
          files:
            - path: gitops/clusters/{{ $values.name }}/pins/*.yaml
          {{- include "bootstrap.emptyTemplate" . | nindent 10 }}
    {{- include "bootstrap.emptyTemplate" . | nindent 4 }}
  selector:
    matchExpressions:
      - key: requires
        operator: In
        values: {{ prepend $values.capabilities "base" | uniq | toJson }}
      - key: repo
        operator: {{ ternary "Exists" "DoesNotExist" .thirdParty }}
{{- end }}

{{/*
The controller writes an ApplicationSet back in this form whenever a webhook or the tool asks it to refresh. With any other
form Argo CD would see drift then, and heal it again and again.
*/}}
{{- define "bootstrap.emptyTemplate" -}}
template:
  metadata: {}
  spec:
    destination: {}
    project: ""
{{- end }}

{{/* An empty generator deletes nothing where the stage says create-update. The controller leaves a `false` out, see above. */}}
{{- define "bootstrap.setPolicy" -}}
applicationsSync: {{ .Values.applicationsSync }}
{{- if .Values.preserveResourcesOnDeletion }}
preserveResourcesOnDeletion: true
{{- end }}
{{- end }}

{{- define "bootstrap.applicationMetadata" -}}
name: '{{ "{{ .component }}" }}'
labels:
  onebranch.dev/stage: {{ .Values.stage | quote }}
  onebranch.dev/region: {{ .Values.region | quote }}
  onebranch.dev/cluster: {{ .Values.name | quote }}
  onebranch.dev/component: '{{ "{{ .component }}" }}'
{{- end }}

{{/* Add-ons are the platform's; an app belongs to the team its pin names. */}}
{{- define "bootstrap.project" -}}
'{{ `{{ if eq (index .path.segments 1) "apps" }}{{ .team }}{{ else }}platform{{ end }}` }}'
{{- end }}

{{- define "bootstrap.destination" -}}
server: {{ include "bootstrap.server" . }}
namespace: '{{ "{{ .namespace }}" }}'
{{- end }}

{{/* refresh: a failed sync is tried again with the newest commit, so that a fix does not wait for the broken one to give up. */}}
{{- define "bootstrap.syncPolicy" -}}
automated:
  prune: {{ .Values.prune }}
  selfHeal: true
retry:
  limit: -1
  refresh: true
  backoff:
    duration: {{ .Values.retry.duration | quote }}
    factor: {{ .Values.retry.factor }}
    maxDuration: {{ .Values.retry.maxDuration | quote }}
syncOptions:
  - CreateNamespace=true
  - ServerSideApply=true
  - SkipDryRunOnMissingResource=true
{{- end }}

{{/*
The layers in order, later wins: component, stage (its pin carries the image), region, cluster. Takes {context, root, pins};
charts of this repository read the pins as values, third-party charts would refuse their keys.
*/}}
{{- define "bootstrap.valueFiles" -}}
{{- $values := .context.Values -}}
{{- $component := printf "%s/gitops/{{ index .path.segments 1 }}/{{ .component }}" .root -}}
{{- $cluster := printf "%s/gitops/clusters/%s" .root $values.name -}}
- '{{ $component }}/values.yaml'
{{- if .pins }}
- '{{ $component }}/stages/{{ $values.stage }}/pin.yaml'
{{- end }}
- '{{ $component }}/stages/{{ $values.stage }}/values.yaml'
- '{{ $component }}/regions/{{ $values.region }}.yaml'
- '{{ $cluster }}/values/{{ "{{ .component }}" }}.yaml'
{{- if .pins }}
- '{{ $cluster }}/pins/{{ "{{ .component }}" }}.yaml'
{{- end }}
{{- end }}
