/** Which fields of a kind the API server refuses to change. */
export interface Frozen {
  /** The fields, with everything below them. */
  fields: readonly string[];
  /** Parts that may change all the same; `[]` is any item of a list. */
  except?: readonly string[];
  /** Fields that may be set once, as long as they have no value yet. */
  once?: readonly string[];
  /** What the API server writes when a field is left out: writing the same value, or leaving it out again, is not a change. */
  defaults?: Readonly<Record<string, unknown>>;
}

const spec = ["spec"];

/**
 * By group and kind, from the functions `Validate...Update` of k8s.io/kubernetes/pkg/apis/<group>/validation and of
 * k8s.io/apiextensions-apiserver, 1.35 and 1.36. test/e2e/immutable-fields.test.ts tries each field on an API server.
 */
export const frozen: Readonly<Record<string, Frozen>> = {
  // ValidatePodUpdate
  "/Pod": {
    fields: spec,
    except: ["spec.containers[].image", "spec.initContainers[].image", "spec.schedulingGates"],
    once: ["spec.activeDeadlineSeconds", "spec.tolerations"],
  },
  // ValidatePersistentVolumeUpdate: where the volume is, and how it looks to a node
  "/PersistentVolume": {
    fields: spec,
    except: [
      ...["spec.accessModes", "spec.capacity", "spec.claimRef", "spec.mountOptions", "spec.storageClassName"],
      ...["spec.persistentVolumeReclaimPolicy", "spec.volumeAttributesClassName"],
    ],
    once: ["spec.nodeAffinity", "spec.csi.controllerExpandSecretRef"],
    defaults: { "spec.volumeMode": "Filesystem" },
  },
  // ValidatePersistentVolumeClaimUpdate; a request that shrinks is in refusedChanges
  "/PersistentVolumeClaim": {
    fields: spec,
    except: ["spec.resources.requests.storage", "spec.volumeAttributesClassName"],
    once: ["spec.storageClassName", "spec.volumeName"],
    defaults: { "spec.volumeMode": "Filesystem" },
  },
  // ValidateSecretUpdate; what `immutable: true` freezes is in refusedChanges, for ConfigMaps as well
  "/Secret": { fields: ["type"], defaults: { type: "Opaque" } },
  // ValidateDeploymentUpdate, ValidateReplicaSetUpdate, ValidateDaemonSetSpecUpdate, ValidateStatefulSetUpdate
  "apps/Deployment": { fields: ["spec.selector"] },
  "apps/ReplicaSet": { fields: ["spec.selector"] },
  "apps/DaemonSet": { fields: ["spec.selector"] },
  "apps/StatefulSet": {
    fields: spec,
    except: [
      ...["spec.replicas", "spec.template", "spec.updateStrategy", "spec.minReadySeconds", "spec.ordinals"],
      ...["spec.revisionHistoryLimit", "spec.persistentVolumeClaimRetentionPolicy"],
    ],
    defaults: {
      "spec.podManagementPolicy": "OrderedReady",
      "spec.volumeClaimTemplates[].apiVersion": "v1",
      "spec.volumeClaimTemplates[].kind": "PersistentVolumeClaim",
      "spec.volumeClaimTemplates[].spec.volumeMode": "Filesystem",
    },
  },
  "apps/ControllerRevision": { fields: ["data"] },
  // ValidateJobSpecUpdate; what a suspended Job may change is in refusedChanges
  "batch/Job": {
    fields: [
      ...["spec.selector", "spec.template", "spec.completions", "spec.completionMode", "spec.podFailurePolicy"],
      ...["spec.backoffLimitPerIndex", "spec.managedBy", "spec.successPolicy"],
    ],
    defaults: { "spec.completionMode": "NonIndexed", "spec.managedBy": "kubernetes.io/job-controller" },
  },
  // ValidateRoleBindingUpdate, ValidateClusterRoleBindingUpdate
  "rbac.authorization.k8s.io/RoleBinding": { fields: ["roleRef"] },
  "rbac.authorization.k8s.io/ClusterRoleBinding": { fields: ["roleRef"] },
  // ValidatePriorityClassUpdate
  "scheduling.k8s.io/PriorityClass": {
    fields: ["value", "preemptionPolicy"],
    defaults: { preemptionPolicy: "PreemptLowerPriority" },
  },
  // ValidateStorageClassUpdate, ValidateVolumeAttributesClassUpdate, ValidateCSIDriverUpdate, ValidateCSIStorageCapacityUpdate
  "storage.k8s.io/StorageClass": {
    fields: ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"],
    defaults: { reclaimPolicy: "Delete", volumeBindingMode: "Immediate" },
  },
  "storage.k8s.io/VolumeAttributesClass": { fields: ["driverName", "parameters"] },
  "storage.k8s.io/CSIDriver": {
    fields: ["spec.attachRequired", "spec.volumeLifecycleModes"],
    defaults: { "spec.attachRequired": true },
  },
  "storage.k8s.io/CSIStorageCapacity": { fields: ["nodeTopology", "storageClassName"] },
  // ValidateIngressClassUpdate, ValidateIPAddressUpdate, ValidateServiceCIDRUpdate; an address may be added to the first
  "networking.k8s.io/IngressClass": { fields: ["spec.controller"] },
  "networking.k8s.io/IPAddress": { fields: ["spec.parentRef"] },
  "networking.k8s.io/ServiceCIDR": { fields: ["spec.cidrs"], once: ["spec.cidrs[]"] },
  // ValidateRuntimeClassUpdate
  "node.k8s.io/RuntimeClass": { fields: ["handler"] },
  // ValidateEndpointSliceUpdate
  "discovery.k8s.io/EndpointSlice": { fields: ["addressType"] },
  // ValidateResourceClaimUpdate, ValidateResourceClaimTemplateUpdate
  "resource.k8s.io/ResourceClaim": { fields: spec },
  "resource.k8s.io/ResourceClaimTemplate": { fields: spec },
  // validateCustomResourceDefinitionSpecUpdate
  "apiextensions.k8s.io/CustomResourceDefinition": {
    fields: ["spec.group", "spec.names.plural", "spec.names.kind", "spec.scope"],
  },
};
