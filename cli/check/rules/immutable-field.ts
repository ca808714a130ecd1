import type { FieldChange, KubernetesObject, ResourceChange } from "../../engine";
import { changeAt, nameClusters } from "../evaluation";
import type { Rule } from "../rule";

export const immutableField: Rule = {
  id: "immutable-field",
  title: "A change touches a field that Kubernetes does not let change.",
  why: "The API server refuses the update, and the Application stays broken until somebody deletes the resource by hand.",
  fix: "Leave the field, or give the resource a new name so that it is made anew.",
  severity: "error",
  needs: "changes",
  async check(input, report) {
    const { changes, documents } = await input.changes();
    const expansion = await input.evaluated.applications();
    for (const change of changes) {
      for (const resource of change.resources) {
        if (resource.change !== "change" || !resource.after || isMadeAnew(documents.get(resource.after))) continue;
        const before = documents.get(resource.before ?? "");
        const fields = new Set(
          (resource.fields ?? []).flatMap((field) => immutablePart(resource, field, before) ?? []),
        );
        for (const field of fields) {
          const { kind, name } = resource;
          const message = `${field} of ${kind} ${name} changes in ${nameClusters(change.clusters)}, and Kubernetes does not let it`;
          report.finding(changeAt(expansion, change), message, `leave it, or give the ${kind} a new name`);
        }
      }
    }
  },
};

/** Fields that never change after the resource is made, by group and kind. */
const immutable: Readonly<Record<string, readonly string[]>> = {
  "apps/Deployment": ["spec.selector"],
  "apps/ReplicaSet": ["spec.selector"],
  "apps/DaemonSet": ["spec.selector"],
  "apps/StatefulSet": ["spec.selector", "spec.serviceName", "spec.volumeClaimTemplates", "spec.podManagementPolicy"],
  "batch/Job": ["spec.selector", "spec.template", "spec.completionMode", "spec.podFailurePolicy"],
  "/Service": ["spec.clusterIP", "spec.clusterIPs"],
  "/PersistentVolumeClaim": [
    "spec.accessModes",
    "spec.storageClassName",
    "spec.volumeName",
    "spec.volumeMode",
    "spec.selector",
  ],
  "/Secret": ["type"],
  "storage.k8s.io/StorageClass": ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"],
  "storage.k8s.io/VolumeAttributesClass": ["driverName", "parameters"],
  "rbac.authorization.k8s.io/RoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/ClusterRoleBinding": ["roleRef"],
  "scheduling.k8s.io/PriorityClass": ["value", "preemptionPolicy"],
  "networking.k8s.io/IngressClass": ["spec.controller"],
  "node.k8s.io/RuntimeClass": ["handler"],
  "apiextensions.k8s.io/CustomResourceDefinition": ["spec.group", "spec.names.plural", "spec.names.kind", "spec.scope"],
};

function immutablePart(
  { apiVersion, kind }: ResourceChange,
  { path, from }: FieldChange,
  before: KubernetesObject | undefined,
): string | undefined {
  const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
  // An address that the cluster gave, or None that is taken back: only a change between two written ones is refused.
  if (group === "" && kind === "Service" && from === undefined) return undefined;
  if (group === "" && (kind === "Secret" || kind === "ConfigMap") && before?.immutable === true) {
    const frozen = ["data", "stringData", "binaryData", "immutable"].find((field) => isWithin(path, field));
    if (frozen !== undefined) return frozen;
  }
  return immutable[`${group}/${kind}`]?.find((field) => isWithin(path, field));
}

function isWithin(path: string, field: string): boolean {
  return path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`);
}

/** Whether Argo CD deletes the resource and makes it again: hooks, and resources that say so. */
function isMadeAnew(object: KubernetesObject | undefined): boolean {
  const annotations = object?.metadata.annotations ?? {};
  if (annotations["argocd.argoproj.io/hook"] ?? annotations["helm.sh/hook"]) return true;
  const options = (annotations["argocd.argoproj.io/sync-options"] ?? "").split(",").map((option) => option.trim());
  return options.includes("Replace=true") || options.includes("Force=true");
}
