{{- define "web-service.selector" -}}
app.kubernetes.io/name: {{ .Release.Name }}
{{- end }}

{{- define "web-service.labels" -}}
{{ include "web-service.selector" . }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- with .Values.team }}
onebranch.dev/team: {{ . }}
{{- end }}
{{- end }}

{{/* A digest is exact, so it wins over a tag. */}}
{{- define "web-service.image" -}}
{{- $image := .Values.image -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ required "image.tag or image.digest is missing; the pin of the stage names it" $image.tag }}
{{- end -}}
{{- end }}
