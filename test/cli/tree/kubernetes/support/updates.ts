import { of, type Row, type Update } from "./update";

const labels = { app: "web" };
const pod = { metadata: { labels }, spec: { containers: [{ name: "web", image: "example.com/web:1.0.0" }] } };
const job = { ...pod, spec: { ...pod.spec, restartPolicy: "Never" } };
const selector = { matchLabels: labels };
const storage = { resources: { requests: { storage: "2Gi" } }, accessModes: ["ReadWriteOnce"] };
const claim = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "data" }, spec: storage };

const rbac = "rbac.authorization.k8s.io";
const binding = { roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "view" } };
const service = { ports: [{ port: 80 }], selector: labels };
const device = { devices: { requests: [{ name: "gpu", exactly: { deviceClassName: "gpu" } }] } };
const versions = [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }];
const definition = (name: string) => ({
  name: `${name}s.example.com`,
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { plural: `${name}s`, singular: name, kind: name, listKind: `${name}List` },
    versions,
  },
});

/** Each in a definition of its own: two of one kind would not be established. */
const definitions: readonly [name: string, row: Row][] = [
  ["first", ["spec.scope", "Cluster", "spec.scope"]],
  ["second", ["spec.names.kind", "Other", "spec.names.kind"]],
  ["third", ["spec.names.shortNames", ["t"]]],
];

export const updates: readonly Update[] = [
  ...of("apps/v1", "Deployment", { spec: { selector, template: pod } }, [
    ["spec.selector.matchLabels.app", "api", "spec.selector"],
    ["spec.replicas", 3],
    ["spec.template.spec.containers[web].image", "example.com/web:1.0.1"],
  ]),
  ...of("apps/v1", "ReplicaSet", { spec: { selector, template: pod } }, [
    ["spec.selector.matchLabels.app", "api", "spec.selector"],
  ]),
  ...of("apps/v1", "DaemonSet", { spec: { selector, template: pod } }, [
    ["spec.selector.matchLabels.app", "api", "spec.selector"],
    ["spec.minReadySeconds", 5],
  ]),
  ...of(
    "apps/v1",
    "StatefulSet",
    { spec: { selector, template: pod, serviceName: "web", volumeClaimTemplates: [claim] } },
    [
      ["spec.serviceName", "api", "spec.serviceName"],
      ["spec.selector.matchLabels.app", "api", "spec.selector"],
      ["spec.podManagementPolicy", "Parallel", "spec.podManagementPolicy"],
      ["spec.podManagementPolicy", "OrderedReady"],
      ["spec.volumeClaimTemplates[data].spec.resources.requests.storage", "3Gi", "spec.volumeClaimTemplates"],
      ["spec.volumeClaimTemplates[data].metadata.labels", labels, "spec.volumeClaimTemplates"],
      ["spec.volumeClaimTemplates[data].spec.volumeMode", "Filesystem"],
      ["spec.volumeClaimTemplates[data].apiVersion", undefined],
      ["spec.volumeClaimTemplates[data].kind", undefined],
      ["spec.replicas", 3],
      ["spec.ordinals", { start: 1 }],
      ["spec.minReadySeconds", 5],
      ["spec.revisionHistoryLimit", 5],
      ["spec.updateStrategy", { rollingUpdate: { partition: 1 } }],
      ["spec.persistentVolumeClaimRetentionPolicy", { whenDeleted: "Delete" }],
      ["spec.template.spec.containers[web].image", "example.com/web:1.0.1"],
    ],
  ),
  ...of("apps/v1", "ControllerRevision", { revision: 1, data: { a: 1 } }, [["data.a", 2, "data"]]),
  ...of("batch/v1", "Job", { spec: { template: job } }, [
    ["spec.template.spec.containers[web].image", "example.com/web:1.0.1", "spec.template"],
    ["spec.template.metadata.labels.app", "api", "spec.template"],
    ["spec.completions", 2, "spec.completions"],
    ["spec.completionMode", "NonIndexed"],
    ["spec.managedBy", "example.com/other", "spec.managedBy"],
    ["spec.backoffLimit", 2],
    ["spec.parallelism", 2],
    ["spec.suspend", true],
    [
      "spec.podFailurePolicy",
      { rules: [{ action: "FailJob", onExitCodes: { operator: "In", values: [3] } }] },
      "spec.podFailurePolicy",
    ],
  ]),
  ...of(
    "batch/v1",
    "Job",
    { spec: { suspend: true, template: job } },
    [
      ["spec.template.metadata.annotations", { a: "b" }],
      ["spec.template.spec.nodeSelector", { a: "b" }],
      ["spec.template.spec.containers[web].image", "example.com/web:1.0.1", "spec.template"],
    ],
    "Suspended",
  ),
  ...of(
    "batch/v1",
    "Job",
    {
      spec: {
        completions: 2,
        parallelism: 2,
        completionMode: "Indexed",
        template: job,
      },
    },
    [
      ["spec.completions", 3, "spec.completions"],
      ["spec.backoffLimitPerIndex", 1, "spec.backoffLimitPerIndex"],
      ["spec.successPolicy", { rules: [{ succeededCount: 1 }] }, "spec.successPolicy"],
    ],
  ),
  ...of("batch/v1", "Job", { spec: { manualSelector: true, selector, template: job } }, [
    ["spec.selector.matchLabels.app", "api", "spec.selector"],
  ]),
  ...of("batch/v1", "Job", { spec: { completions: 2, template: job } }, [
    ["spec.completionMode", "Indexed", "spec.completionMode"],
  ]),
  ...of(
    "batch/v1",
    "CronJob",
    {
      spec: {
        schedule: "0 0 * * *",
        jobTemplate: { spec: { template: job } },
      },
    },
    [["spec.jobTemplate.spec.template.spec.containers[web].image", "example.com/web:1.0.1"]],
  ),
  ...of("v1", "Pod", { spec: pod.spec }, [
    ["spec.containers[web].image", "example.com/web:1.0.1"],
    ["spec.activeDeadlineSeconds", 60],
    ["spec.tolerations", [{ key: "a", operator: "Exists", effect: "NoExecute" }]],
    ["spec.containers[web].args", ["a"], "spec.containers"],
    ["spec.hostNetwork", true, "spec.hostNetwork"],
    ["spec.priorityClassName", "system-node-critical", "spec.priorityClassName"],
  ]),
  ...of("v1", "Service", { spec: service }, [
    ["spec.clusterIP", "None", "spec.clusterIP"],
    ["spec.type", "NodePort"],
  ]),
  ...of("v1", "Service", { spec: { ...service, clusterIP: "None" } }, [
    ["spec.clusterIP", undefined],
    ["spec.ipFamilyPolicy", "SingleStack"],
  ]),
  ...of("v1", "Service", { spec: { ...service, type: "LoadBalancer" } }, [
    ["spec.loadBalancerClass", "example.com/inner", "spec.loadBalancerClass"],
    ["spec.externalTrafficPolicy", "Local"],
  ]),
  ...of("v1", "Service", { spec: { ...service, type: "LoadBalancer", loadBalancerClass: "example.com/outer" } }, [
    ["spec.loadBalancerClass", "example.com/inner", "spec.loadBalancerClass"],
    ["spec.loadBalancerClass", undefined, "spec.loadBalancerClass"],
  ]),
  ...of("v1", "Service", { spec: { ...service, ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack" } }, [
    ["spec.ipFamilies[0]", "IPv6", "spec.ipFamilies"],
  ]),
  ...of("v1", "PersistentVolumeClaim", { spec: storage }, [
    ["spec.accessModes", ["ReadWriteMany"], "spec.accessModes"],
    ["spec.volumeMode", "Block", "spec.volumeMode"],
    ["spec.volumeMode", "Filesystem"],
    ["spec.storageClassName", "fast"],
    ["spec.volumeName", "disk"],
    ["spec.selector", selector, "spec.selector"],
    ["spec.resources.limits", { storage: "9Gi" }, "spec.resources"],
    ["spec.resources.requests.storage", "1Gi", "spec.resources.requests.storage"],
  ]),
  ...of("v1", "PersistentVolumeClaim", { spec: { ...storage, storageClassName: "slow" } }, [
    ["spec.storageClassName", "fast", "spec.storageClassName"],
  ]),
  ...of("v1", "PersistentVolumeClaim", { spec: { ...storage, volumeName: "disk", storageClassName: "slow" } }, [
    ["spec.volumeName", "other", "spec.volumeName"],
  ]),
  ...of(
    "v1",
    "PersistentVolumeClaim",
    { spec: { ...storage, storageClassName: "growing" } },
    [
      ["spec.resources.requests.storage", "3Gi"],
      ["spec.resources.requests.storage", "1Gi", "spec.resources.requests.storage"],
      ["spec.resources.requests.storage", "2048Mi"],
      ["spec.volumeAttributesClassName", "gold"],
    ],
    "Bound",
  ),
  ...of(
    "v1",
    "PersistentVolume",
    {
      spec: {
        capacity: { storage: "2Gi" },
        accessModes: ["ReadWriteOnce"],
        csi: { driver: "example.com", volumeHandle: "a" },
      },
    },
    [
      ["spec.csi.volumeHandle", "b", "spec.csi"],
      ["spec.volumeMode", "Block", "spec.volumeMode"],
      ["spec.capacity.storage", "3Gi"],
      ["spec.persistentVolumeReclaimPolicy", "Delete"],
      ["spec.mountOptions", ["ro"]],
      ["spec.storageClassName", "fast"],
      [
        "spec.nodeAffinity",
        { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: "a", operator: "Exists" }] }] } },
      ],
    ],
  ),
  ...of("v1", "Secret", { stringData: { a: "b" } }, [
    ["type", "example.com/other", "type"],
    ["type", "Opaque"],
    ["stringData.a", "c"],
    ["immutable", true],
  ]),
  ...of("v1", "Secret", { stringData: { a: "b" }, immutable: true }, [
    ["stringData.a", "c", "stringData"],
    ["immutable", undefined, "immutable"],
    ["metadata.labels", labels],
  ]),
  ...of("v1", "ConfigMap", { data: { a: "b" } }, [["data.a", "c"]]),
  ...of("v1", "ConfigMap", { data: { a: "b" }, immutable: true }, [
    ["data.a", "c", "data"],
    ["data.d", "e", "data"],
    ["binaryData", { d: "ZQ==" }, "binaryData"],
    ["immutable", false, "immutable"],
  ]),
  ...of(`${rbac}/v1`, "RoleBinding", binding, [
    ["roleRef.name", "edit", "roleRef"],
    ["subjects", [{ kind: "User", name: "a", apiGroup: rbac }]],
  ]),
  ...of(`${rbac}/v1`, "ClusterRoleBinding", binding, [["roleRef.name", "edit", "roleRef"]]),
  ...of("scheduling.k8s.io/v1", "PriorityClass", { value: 1 }, [
    ["value", 2, "value"],
    ["preemptionPolicy", "Never", "preemptionPolicy"],
    ["preemptionPolicy", "PreemptLowerPriority"],
    ["description", "low"],
  ]),
  ...of("storage.k8s.io/v1", "StorageClass", { provisioner: "example.com/disk", parameters: { kind: "slow" } }, [
    ["provisioner", "example.com/other", "provisioner"],
    ["parameters.kind", "fast", "parameters"],
    ["reclaimPolicy", "Retain", "reclaimPolicy"],
    ["reclaimPolicy", "Delete"],
    ["volumeBindingMode", "WaitForFirstConsumer", "volumeBindingMode"],
    ["allowVolumeExpansion", true],
    ["mountOptions", ["ro"]],
  ]),
  ...of("storage.k8s.io/v1", "VolumeAttributesClass", { driverName: "example.com", parameters: { kind: "slow" } }, [
    ["driverName", "example.org", "driverName"],
    ["parameters.kind", "fast", "parameters"],
  ]),
  ...of("storage.k8s.io/v1", "CSIDriver", { spec: {} }, [
    ["spec.attachRequired", false, "spec.attachRequired"],
    ["spec.attachRequired", true],
    ["spec.volumeLifecycleModes", ["Ephemeral"], "spec.volumeLifecycleModes"],
    ["spec.podInfoOnMount", true],
  ]),
  ...of(
    "storage.k8s.io/v1",
    "CSIStorageCapacity",
    { storageClassName: "slow", nodeTopology: selector, capacity: "1Gi" },
    [
      ["storageClassName", "fast", "storageClassName"],
      ["nodeTopology.matchLabels.app", "api", "nodeTopology"],
      ["capacity", "2Gi"],
    ],
  ),
  ...of("networking.k8s.io/v1", "IngressClass", { spec: { controller: "example.com/a" } }, [
    ["spec.controller", "example.com/b", "spec.controller"],
  ]),
  ...of(
    "networking.k8s.io/v1",
    "IPAddress",
    { name: "10.9.9.9", spec: { parentRef: { resource: "services", namespace: "default", name: "a" } } },
    [["spec.parentRef.name", "b", "spec.parentRef"]],
  ),
  ...of("networking.k8s.io/v1", "ServiceCIDR", { spec: { cidrs: ["10.77.0.0/16"] } }, [
    ["spec.cidrs[0]", "10.78.0.0/16", "spec.cidrs"],
    ["spec.cidrs[1]", "2001:db8::/64"],
  ]),
  ...of("node.k8s.io/v1", "RuntimeClass", { handler: "runc" }, [["handler", "gvisor", "handler"]]),
  ...of("discovery.k8s.io/v1", "EndpointSlice", { addressType: "IPv4", endpoints: [] }, [
    ["addressType", "IPv6", "addressType"],
  ]),
  ...of("resource.k8s.io/v1", "ResourceClaim", { spec: device }, [
    ["spec.devices.requests[gpu].exactly.deviceClassName", "tpu", "spec.devices"],
  ]),
  ...of("resource.k8s.io/v1", "ResourceClaimTemplate", { spec: { spec: device } }, [
    ["spec.spec.devices.requests[gpu].exactly.deviceClassName", "tpu", "spec.spec"],
  ]),
  ...definitions.flatMap(([name, row]) =>
    of("apiextensions.k8s.io/v1", "CustomResourceDefinition", definition(name), [row], "Established"),
  ),
  ...of(
    "autoscaling/v2",
    "HorizontalPodAutoscaler",
    { spec: { maxReplicas: 2, scaleTargetRef: { kind: "Deployment", name: "a", apiVersion: "apps/v1" } } },
    [["spec.scaleTargetRef.name", "b"]],
  ),
  ...of("policy/v1", "PodDisruptionBudget", { spec: { maxUnavailable: 1, selector } }, [
    ["spec.selector.matchLabels.app", "api"],
  ]),
  ...of("networking.k8s.io/v1", "NetworkPolicy", { spec: { podSelector: selector } }, [
    ["spec.podSelector.matchLabels.app", "api"],
  ]),
];
