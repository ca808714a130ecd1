{{/* Not empty where an autoscaler sets replicas. */}}
{{- define "workload.isScaled" -}}
{{- if .Values.autoscaling.max }}true{{ end -}}
{{- end }}

{{/* An autoscaler for the object that is named by apiVersion and kind: one by CPU, or of KEDA where there are triggers. */}}
{{- define "workload.scaling" -}}
{{- $ := .context -}}
{{- $scaling := $.Values.autoscaling -}}
{{- if and $scaling.triggers (not $scaling.max) }}
{{- fail "autoscaling.max is missing; say how many pods the triggers may ask for" }}
{{- end }}
{{- if $scaling.max }}
{{- if gt (int $scaling.min) (int $scaling.max) }}
{{- fail (printf "autoscaling.min is %d and autoscaling.max is %d; min is at most max" (int $scaling.min) (int $scaling.max)) }}
{{- end }}
{{- if $scaling.triggers }}
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  {{- include "workload.metadata" $ | nindent 2 }}
spec:
  scaleTargetRef:
    apiVersion: {{ .apiVersion }}
    kind: {{ .kind }}
    name: {{ $.Release.Name }}
  minReplicaCount: {{ int $scaling.min }}
  maxReplicaCount: {{ int $scaling.max }}
  triggers:
    {{- toYaml $scaling.triggers | nindent 4 }}
{{- else }}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  {{- include "workload.metadata" $ | nindent 2 }}
spec:
  scaleTargetRef:
    apiVersion: {{ .apiVersion }}
    kind: {{ .kind }}
    name: {{ $.Release.Name }}
  minReplicas: {{ max 1 (int $scaling.min) }}
  maxReplicas: {{ int $scaling.max }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ int $scaling.cpu }}
{{- end }}
{{- end }}
{{- end }}

{{/* Only with more than one pod: a budget over a single one would stop every drain of its node. */}}
{{- define "workload.disruptionBudget" -}}
{{- $least := int .Values.replicas }}
{{- if include "workload.isScaled" . }}{{ $least = int .Values.autoscaling.min }}{{ end }}
{{- if gt $least 1 }}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "workload.metadata" . | nindent 2 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      {{- include "workload.selector" . | nindent 6 }}
{{- end }}
{{- end }}
