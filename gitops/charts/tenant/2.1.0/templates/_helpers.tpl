{{/* context: the chart's own; team: its name; name: of the object; namespace. */}}
{{- define "tenant.metadata" -}}
name: {{ .name }}
namespace: {{ .namespace }}
labels:
  onebranch.dev/team: {{ .team }}
  helm.sh/chart: {{ .context.Chart.Name }}-{{ .context.Chart.Version }}
{{- end }}

{{/* The teams by name, as YAML. */}}
{{- define "tenant.teams" -}}
{{- include "teams.all" (get .Subcharts "team-files") -}}
{{- end }}
