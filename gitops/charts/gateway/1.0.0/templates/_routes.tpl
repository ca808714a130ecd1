{{/* Routes of the teams, and of the platform's own namespaces, which answer the questions of ACME. */}}
{{- define "gateway.routes" -}}
namespaces:
  from: Selector
  selector:
    matchExpressions:
      - { key: onebranch.dev/team, operator: Exists }
{{- end }}
