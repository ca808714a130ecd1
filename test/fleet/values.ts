/** Values that all templates above can be rendered with. */
export const values = `replicas: 2
image:
  repository: registry.example.com/CHART
  pullPolicy: IfNotPresent
nameOverride: ""
extraLabels: {}
podAnnotations: {}
podSecurityContext:
  runAsNonRoot: true
  runAsUser: 10001
  seccompProfile: { type: RuntimeDefault }
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
strategy:
  type: RollingUpdate
  rollingUpdate: { maxSurge: 25%, maxUnavailable: 0 }
service: { type: ClusterIP, port: 80, targetPort: 8080, annotations: {} }
serviceAccount: { automount: false, annotations: {} }
probes: { live: /healthz, ready: /readyz, delay: 5 }
env:
  LOG_LEVEL: info
  SERVICE: "{{ .Release.Name }}"
config: { FEATURE_A: "off", CACHE_SECONDS: "60" }
settings:
  http: { timeout: 30s, retries: 3 }
  tracing: { enabled: false, ratio: 0.1 }
resources:
  requests: { cpu: 100m, memory: 128Mi }
  limits: { memory: 256Mi }
autoscaling: { enabled: false, cpu: 80 }
ingress: { enabled: false, className: public, host: CHART.example.com, paths: [/], annotations: {} }
allowFrom: [ingress, monitoring]
rbac:
  - { groups: [""], resources: [configmaps], verbs: [get, list, watch] }
cron: { schedule: "15 3 * * *", args: [clean, --older-than, 30d] }
persistence: { enabled: false, size: 10Gi, class: "" }
nodeSelector: {}
tolerations: []
spread: true
`;

export const schema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  type: "object",
  required: ["image"],
  properties: {
    replicas: { type: "integer", minimum: 0 },
    image: {
      type: "object",
      properties: {
        repository: { type: "string" },
        tag: { type: "string" },
        digest: { type: "string", pattern: "^sha256:[0-9a-f]{64}$" },
      },
    },
    env: { type: "object" },
    config: { type: "object", additionalProperties: { type: "string" } },
  },
};
