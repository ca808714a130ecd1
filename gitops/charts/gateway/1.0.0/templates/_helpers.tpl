{{- define "gateway.name" -}}
{{ required "name is missing; say what the Gateway is called" .Values.name }}
{{- end }}

{{/* The Secret with the certificate of a host. Takes {context, host}. */}}
{{- define "gateway.secret" -}}
{{ include "gateway.name" .context }}-{{ .host }}
{{- end }}

{{/* Takes {context, host}. */}}
{{- define "gateway.hostname" -}}
{{ .host }}.{{ required "domain is missing; hosts belong to the domain of the cluster" .context.Values.domain }}
{{- end }}
