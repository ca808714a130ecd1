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
{{ include "workload.externalSecret" (dict "context" . "name" (include "workload.secretName" .) "keys" .Values.secrets) }}
{{- end }}
{{- if .Values.secretFiles }}
---
{{ include "workload.externalSecret" (dict "context" . "name" (printf "%s-files" .Release.Name) "keys" .Values.secretFiles) }}
{{- end }}
{{- end }}

{{/* The Secret of the environment. With another version it is another Secret: new pods wait for it, and never start with older values. */}}
{{- define "workload.secretName" -}}
{{ .Release.Name }}{{ with .Values.secretsVersion }}-env-{{ . }}{{ end }}
{{- end }}

{{/* Keys of the stage's store as a Secret. name: of both; keys: what a key is called in the Secret, and the key. */}}
{{- define "workload.externalSecret" -}}
{{- $ := .context -}}
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: {{ .name }}
  namespace: {{ $.Release.Namespace }}
  labels:
    {{- include "workload.labels" $ | nindent 4 }}
  annotations:
    # The Secret of the version before stays until no pod uses it.
    argocd.argoproj.io/sync-options: PruneLast=true
spec:
  refreshInterval: {{ $.Values.secretsRefresh }}
  secretStoreRef:
    kind: ClusterSecretStore
    name: stage-secrets
  target:
    name: {{ .name }}
    creationPolicy: Owner
    deletionPolicy: Retain
  data:
    {{- range $name, $key := .keys }}
    - secretKey: {{ $name }}
      remoteRef:
        key: stage-secrets
        property: {{ $key | quote }}
    {{- end }}
{{- end }}
