{{- define "workload.selector" -}}
app.kubernetes.io/name: {{ .Release.Name }}
{{- end }}

{{/* Of pods: what changes with the version of a chart would start them again. */}}
{{- define "workload.podLabels" -}}
{{ include "workload.selector" . }}
{{- with .Values.team }}
onebranch.dev/team: {{ . }}
{{- end }}
{{- end }}

{{- define "workload.labels" -}}
{{ include "workload.podLabels" . }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "workload.metadata" -}}
name: {{ .Release.Name }}
namespace: {{ .Release.Namespace }}
labels:
  {{- include "workload.labels" . | nindent 2 }}
{{- end }}

{{/* A digest is exact, so it wins over a tag. */}}
{{- define "workload.image" -}}
{{- $image := .Values.image | default dict -}}
{{- $repository := required "image.repository is missing; the pin of the stage names it" $image.repository -}}
{{- if $image.digest -}}
{{ $repository }}@{{ $image.digest }}
{{- else -}}
{{ $repository }}:{{ required "image.tag or image.digest is missing; the pin of the stage names it" $image.tag }}
{{- end -}}
{{- end }}
