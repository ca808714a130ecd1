{{/* The service account, the settings and the secrets of a workload. */}}
{{- define "workload.settings" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "workload.metadata" . | nindent 2 }}
  {{- with .Values.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: false
{{- if .Values.config }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "workload.metadata" . | nindent 2 }}
data:
  {{- range $key, $value := .Values.config }}
  {{ $key }}: {{ $value | toString | quote }}
  {{- end }}
{{- end }}
{{- if .Values.secrets }}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  {{- include "workload.metadata" . | nindent 2 }}
spec:
  refreshInterval: {{ .Values.secretsRefresh }}
  secretStoreRef:
    kind: ClusterSecretStore
    name: stage-secrets
  target:
    name: {{ .Release.Name }}
  data:
    {{- range $variable, $key := .Values.secrets }}
    - secretKey: {{ $variable }}
      remoteRef:
        key: {{ $key }}
    {{- end }}
{{- end }}
{{- end }}
