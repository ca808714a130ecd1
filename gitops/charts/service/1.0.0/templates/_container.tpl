{{- define "service.container" -}}
ports:
  - name: http
    containerPort: {{ int .Values.port }}
    protocol: TCP
readinessProbe:
  httpGet:
    path: {{ .Values.probes.ready }}
    port: http
livenessProbe:
  httpGet:
    path: {{ .Values.probes.live }}
    port: http
{{- with .Values.probes.startup }}
startupProbe:
  httpGet:
    path: {{ . }}
    port: http
  failureThreshold: 30
{{- end }}
{{- end }}

{{- define "service.kind" -}}
{{ if .Values.rollout.enabled }}Rollout{{ else }}Deployment{{ end }}
{{- end }}

{{- define "service.apiVersion" -}}
{{ if .Values.rollout.enabled }}argoproj.io/v1alpha1{{ else }}apps/v1{{ end }}
{{- end }}
