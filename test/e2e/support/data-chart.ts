/** An add-on of production that holds data, by path below gitops/. One value makes everything but its ConfigMap. */
export const dataComponent: Readonly<Record<string, string>> = {
  "addons/keep/values.yaml": "data: true\n",
  "addons/keep/stages/prod/pin.yaml":
    "component: keep\nchart: keep\nversion: 1.0.0\nnamespace: guardrails\nrequires: base\n",
  "addons/keep/stages/prod/values.yaml": "round: 0\n",
  "charts/keep/1.0.0/Chart.yaml": "apiVersion: v2\nname: keep\nversion: 1.0.0\n",
  "charts/keep/1.0.0/values.yaml": "data: false\n",
  "charts/keep/1.0.0/templates/always.yaml": `apiVersion: v1
kind: ConfigMap
metadata:
  name: keep
data:
  round: {{ .Values.round | quote }}
`,
  "charts/keep/1.0.0/templates/data.yaml": `{{- if .Values.data }}
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: keep
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: none
  volumeName: keep
  resources:
    requests:
      storage: 1Gi
---
apiVersion: v1
kind: PersistentVolume
metadata:
  name: keep
spec:
  capacity:
    storage: 1Gi
  accessModes: [ReadWriteOnce]
  storageClassName: none
  hostPath:
    path: /keep
---
apiVersion: v1
kind: Namespace
metadata:
  name: kept
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: keep
spec:
  replicas: 0
  serviceName: keep
  selector:
    matchLabels:
      app: keep
  template:
    metadata:
      labels:
        app: keep
    spec:
      containers:
        - name: keep
          image: registry.example.com/keep:1.0.0
---
apiVersion: v1
kind: ResourceQuota
metadata:
  name: keep
spec:
  hard:
    pods: "10"
{{- end }}
`,
};
