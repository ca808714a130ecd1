import type { FieldChange, ResourceChange } from "../../engine";
import { isBelow } from "../field-path";
import { resourceName } from "../types";
import { danger, documentOf, isHook, someOf, type Found, type Subject } from "./subject";

/** Fields that the API server refuses to change, by kind: `fields` are immutable, or everything below `all` but `except`. */
const immutable: Readonly<Record<string, { fields?: readonly string[]; all?: string; except?: readonly string[] }>> = {
  Deployment: { fields: ["spec.selector"] },
  DaemonSet: { fields: ["spec.selector"] },
  ReplicaSet: { fields: ["spec.selector"] },
  StatefulSet: {
    all: "spec",
    except: [
      ...["spec.replicas", "spec.ordinals", "spec.template", "spec.updateStrategy", "spec.revisionHistoryLimit"],
      ...["spec.persistentVolumeClaimRetentionPolicy", "spec.minReadySeconds"],
      // Reported as volume-changed.
      "spec.volumeClaimTemplates",
    ],
  },
  Job: {
    fields: ["spec.selector", "spec.template", "spec.completionMode", "spec.podReplacementPolicy", "spec.managedBy"],
  },
  Service: { fields: ["spec.clusterIP", "spec.clusterIPs", "spec.loadBalancerClass"] },
  PersistentVolume: {
    fields: ["spec.volumeMode", "spec.nodeAffinity", "spec.csi", "spec.hostPath", "spec.nfs", "spec.local"],
  },
  StorageClass: { fields: ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"] },
  RoleBinding: { fields: ["roleRef"] },
  ClusterRoleBinding: { fields: ["roleRef"] },
  PriorityClass: { fields: ["value", "preemptionPolicy"] },
  RuntimeClass: { fields: ["handler"] },
  IngressClass: { fields: ["spec.controller"] },
  CustomResourceDefinition: { fields: ["spec.group", "spec.scope", "spec.names.plural", "spec.names.kind"] },
  Secret: { fields: ["type"] },
};

/** Changes that make a sync fail, because the object would have to be made anew. */
export function immutableDangers(subject: Subject): Found[] {
  return subject.change.resources.flatMap((resource) => {
    if (resource.change !== "change" || isHook(documentOf(subject, resource))) return [];
    const fields = refused(subject, resource);
    if (fields.length === 0) return [];
    const names = someOf(fields.map(({ path }) => path));
    const replaced = replaces(subject, resource);
    const what = replaced
      ? `Argo CD deletes the object and makes it anew, because it has the sync option ${replaced}`
      : `Kubernetes refuses the change, and the sync fails until somebody deletes the object`;
    return [danger("immutable-field", `${resourceName(resource)} changes ${names}: ${what}`, [resource])];
  });
}

/** Whether a resource changes a field that its kind does not let change, whatever its annotations say. */
export function touchesImmutable({ kind, fields = [] }: ResourceChange): boolean {
  return fields.some((field) => isImmutable(kind, field));
}

function isImmutable(kind: string, { path, from }: FieldChange): boolean {
  const { fields = [], all, except = [] } = immutable[kind] ?? {};
  // A class or address that was not set before is filled in, not changed.
  if (below(path, fields)) return !(kind === "Service" && from === undefined);
  return all !== undefined && isBelow(path, all) && !below(path, except);
}

function below(path: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => isBelow(path, prefix));
}

function refused(subject: Subject, resource: ResourceChange): FieldChange[] {
  const { kind, fields = [] } = resource;
  const frozen =
    (kind === "ConfigMap" || kind === "Secret") && subject.documents.get(resource.before ?? "")?.immutable === true
      ? ["data", "binaryData", "stringData", "immutable"]
      : [];
  return fields.filter((field) => below(field.path, frozen) || isImmutable(kind, field));
}

/** The sync option that replaces objects instead of changing them, when the object has one. */
function replaces(subject: Subject, resource: ResourceChange): string | undefined {
  const annotation = documentOf(subject, resource)?.metadata.annotations?.["argocd.argoproj.io/sync-options"] ?? "";
  const options = annotation.split(",").map((option) => option.trim());
  return options.includes("Force=true") && options.includes("Replace=true") ? "Force=true,Replace=true" : undefined;
}
