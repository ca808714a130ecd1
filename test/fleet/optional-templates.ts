import { metadata } from "./templates";

/** A chart has some of these. */
export const more: Record<string, string> = {
  "hpa.yaml": `{{- if .Values.autoscaling.enabled }}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
${metadata}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "CHART.fullname" . }}
  minReplicas: {{ .Values.replicas }}
  maxReplicas: {{ mul .Values.replicas 3 }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ .Values.autoscaling.cpu }}
{{- end }}
`,
  "pdb.yaml": `{{- if gt (int .Values.replicas) 1 }}
apiVersion: policy/v1
kind: PodDisruptionBudget
${metadata}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      {{- include "CHART.selectorLabels" . | nindent 6 }}
{{- end }}
`,
  "ingress.yaml": `{{- if .Values.ingress.enabled }}
apiVersion: networking.k8s.io/v1
kind: Ingress
${metadata}
  annotations:
    {{- range $key, $value := .Values.ingress.annotations }}
    {{ $key }}: {{ $value | quote }}
    {{- end }}
spec:
  ingressClassName: {{ .Values.ingress.className }}
  tls:
    - hosts:
        - {{ .Values.ingress.host | quote }}
      secretName: {{ include "CHART.fullname" . }}-tls
  rules:
    - host: {{ .Values.ingress.host | quote }}
      http:
        paths:
          {{- range .Values.ingress.paths }}
          - path: {{ . }}
            pathType: Prefix
            backend:
              service:
                name: {{ include "CHART.fullname" $ }}
                port:
                  name: http
          {{- end }}
{{- end }}
`,
  "networkpolicy.yaml": `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
${metadata}
spec:
  podSelector:
    matchLabels:
      {{- include "CHART.selectorLabels" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    - ports:
        - port: http
          protocol: TCP
      from:
        {{- range .Values.allowFrom }}
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: {{ . }}
        {{- end }}
  egress:
    - {}
`,
  "role.yaml": `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
${metadata}
rules:
  {{- range .Values.rbac }}
  - apiGroups: {{ .groups | toJson }}
    resources: {{ .resources | toJson }}
    verbs: {{ .verbs | toJson }}
  {{- end }}
`,
  "rolebinding.yaml": `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
${metadata}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ include "CHART.fullname" . }}
subjects:
  - kind: ServiceAccount
    name: {{ include "CHART.fullname" . }}
    namespace: {{ .Release.Namespace }}
`,
  "cronjob.yaml": `apiVersion: batch/v1
kind: CronJob
${metadata}
spec:
  schedule: {{ .Values.cron.schedule | quote }}
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      backoffLimit: 2
      template:
        metadata:
          labels:
            {{- include "CHART.labels" . | nindent 12 }}
        spec:
          restartPolicy: Never
          serviceAccountName: {{ include "CHART.fullname" . }}
          securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
          containers:
            - name: job
              securityContext:
                {{- toYaml .Values.securityContext | nindent 16 }}
              image: {{ include "CHART.image" . | quote }}
              args: {{ .Values.cron.args | toJson }}
`,
  "pvc.yaml": `{{- if .Values.persistence.enabled }}
apiVersion: v1
kind: PersistentVolumeClaim
${metadata}
spec:
  accessModes: [ReadWriteOnce]
  {{- with .Values.persistence.class }}
  storageClassName: {{ . }}
  {{- end }}
  resources:
    requests:
      storage: {{ .Values.persistence.size }}
{{- end }}
`,
  "dashboards.yaml": `{{- range $name := list "overview" "latency" }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "CHART.fullname" $ }}-{{ $name }}
  labels:
    {{- include "CHART.labels" $ | nindent 4 }}
    grafana_dashboard: "1"
data:
  {{ $name }}.json: |
    {{- dict "title" $name "service" (include "CHART.fullname" $) "refresh" "30s" | toPrettyJson | nindent 4 }}
{{- end }}
`,
  "migration.yaml": `apiVersion: batch/v1
kind: Job
metadata:
  name: {{ include "CHART.fullname" . }}-migration
  labels:
    {{- include "CHART.labels" . | nindent 4 }}
  annotations:
    helm.sh/hook: pre-install,pre-upgrade
    helm.sh/hook-weight: "-5"
    helm.sh/hook-delete-policy: before-hook-creation
spec:
  backoffLimit: 1
  template:
    spec:
      restartPolicy: Never
      securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: migration
          securityContext:
            {{- toYaml .Values.securityContext | nindent 12 }}
          image: {{ include "CHART.image" . | quote }}
          args: ["migrate", "--to", {{ .Chart.AppVersion | quote }}]
`,
};
