{{/*
The template of a pod that the Pod Security level "restricted" takes.
context: the chart's own; container: more lines of the container; restartPolicy: of a Job.
*/}}
{{- define "workload.pod" -}}
{{- $ := .context -}}
{{- $values := $.Values -}}
metadata:
  labels:
    {{- include "workload.podLabels" $ | nindent 4 }}
  {{- if or $values.config $values.secrets $values.secretFiles }}
  annotations:
    # Settings reach a process only at its start: new settings, new pods.
    onebranch.dev/config: {{ list $values.config $values.secrets $values.secretFiles | toJson | sha256sum }}
  {{- end }}
spec:
  serviceAccountName: {{ $.Release.Name }}
  automountServiceAccountToken: {{ $values.serviceAccount.token }}
  {{- with .restartPolicy }}
  restartPolicy: {{ . }}
  {{- end }}
  {{- with $values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with $values.terminationGracePeriodSeconds }}
  terminationGracePeriodSeconds: {{ int . }}
  {{- end }}
  {{- with $values.topologySpread }}
  topologySpreadConstraints:
    {{- range . }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "workload.selector" $ | nindent 10 }}
    {{- end }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: {{ int $values.runAsUser }}
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: {{ $.Release.Name }}
      image: {{ include "workload.image" $ | quote }}
      {{- with $values.command }}
      command:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.args }}
      args:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- if or $values.config $values.secrets }}
      envFrom:
        {{- if $values.config }}
        - configMapRef:
            name: {{ $.Release.Name }}
        {{- end }}
        {{- if $values.secrets }}
        - secretRef:
            name: {{ include "workload.secretName" $ }}
        {{- end }}
      {{- end }}
      {{- with .container }}
      {{- . | nindent 6 }}
      {{- end }}
      resources:
        {{- toYaml $values.resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
      volumeMounts:
        - name: tmp
          mountPath: /tmp
        {{- if $values.secretFiles }}
        - name: secrets
          mountPath: /secrets
          readOnly: true
        {{- end }}
  volumes:
    - name: tmp
      emptyDir: {}
    {{- if $values.secretFiles }}
    - name: secrets
      secret:
        secretName: {{ $.Release.Name }}-files
    {{- end }}
{{- end }}
