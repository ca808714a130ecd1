{{/*
The containers of whatever makes pods. Rules look at Deployments and Jobs too, so that a sync says what is wrong, and not the
events of a ReplicaSet.
*/}}
{{- define "policies.containers" -}}
- name: pod
  expression: >-
    has(variables.anyObject.spec.jobTemplate) ? variables.anyObject.spec.jobTemplate.spec.template.spec :
    has(variables.anyObject.spec.template) ? variables.anyObject.spec.template.spec : variables.anyObject.spec
- name: containers
  expression: >-
    (has(variables.pod.containers) ? variables.pod.containers : []) +
    (has(variables.pod.initContainers) ? variables.pod.initContainers : []) +
    (has(variables.pod.ephemeralContainers) ? variables.pod.ephemeralContainers : [])
{{- end }}

{{/* Gatekeeper could hand a template on as an admission policy of the API server; then two would answer each request. */}}
{{- define "policies.engine" -}}
engine: K8sNativeValidation
source:
  failurePolicy: Fail
  generateVAP: false
{{- end }}

{{/* The kind is there once Gatekeeper has read the template, so the constraint comes in the next wave. */}}
{{- define "policies.wave" -}}
annotations:
  argocd.argoproj.io/sync-wave: "1"
{{- end }}

{{- define "policies.pods" -}}
- { apiGroups: [""], kinds: [Pod] }
- { apiGroups: [apps], kinds: [DaemonSet, Deployment, StatefulSet] }
- { apiGroups: [argoproj.io], kinds: [Rollout] }
- { apiGroups: [batch], kinds: [CronJob, Job] }
{{- end }}

{{/* The namespaces of teams: bootstrap gives each namespace the label of its owner. */}}
{{- define "policies.namespaces" -}}
namespaceSelector:
  matchExpressions:
    - { key: onebranch.dev/team, operator: Exists }
    - { key: onebranch.dev/team, operator: NotIn, values: [platform] }
{{- with .Values.exempt }}
excludedNamespaces:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
