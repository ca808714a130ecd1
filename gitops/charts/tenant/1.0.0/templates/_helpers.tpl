{{/* context: the chart's own; name: of the object; namespace: empty for the namespace itself. */}}
{{- define "tenant.metadata" -}}
name: {{ .name }}
{{- with .namespace }}
namespace: {{ . }}
{{- end }}
labels:
  onebranch.dev/team: {{ required "team is missing; name the team whose namespaces these are" .context.Values.team }}
  helm.sh/chart: {{ .context.Chart.Name }}-{{ .context.Chart.Version }}
{{- end }}

{{- define "tenant.fault" -}}
{{- if not .Values.namespaces }}
{{- fail "namespaces is empty; name at least one namespace of the team" }}
{{- end }}
{{- end }}
