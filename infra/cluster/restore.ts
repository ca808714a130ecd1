import { isDeepStrictEqual } from "node:util";
import { argoCdManager, isDefinition } from "../../model/argocd";
import { secretTypeLabel } from "../../model/root";
import { lean } from "../../model/stored";
import { found, type ClusterApi, type KubeMetadata, type KubeObject } from "./api";
import { letGo } from "./deletion";

/** Under this name the program applies every object. */
const manager = "fieldManager=onebranch";

const plurals: Readonly<Record<string, string>> = {
  AppProject: "appprojects",
  ApplicationSet: "applicationsets",
  ClusterRole: "clusterroles",
  ClusterRoleBinding: "clusterrolebindings",
  ConfigMap: "configmaps",
  CustomResourceDefinition: "customresourcedefinitions",
  MutatingAdmissionPolicy: "mutatingadmissionpolicies",
  MutatingAdmissionPolicyBinding: "mutatingadmissionpolicybindings",
  Namespace: "namespaces",
  Role: "roles",
  RoleBinding: "rolebindings",
  Secret: "secrets",
  ServiceAccount: "serviceaccounts",
  ValidatingAdmissionPolicy: "validatingadmissionpolicies",
  ValidatingAdmissionPolicyBinding: "validatingadmissionpolicybindings",
};

/** Whether this module knows how to restore an object of this kind. */
export function isRestorable({ kind = "" }: KubeObject): boolean {
  return kind in plurals;
}

/**
 * Objects of ours that others write into too, such as Argo CD into `argocd-secret`: only what is ours there counts. A Secret with
 * which Argo CD reaches a repository or a cluster is ours alone.
 */
function isShared({ kind, metadata }: KubeObject): boolean {
  return kind === "Namespace" || (kind === "Secret" && metadata?.labels?.[secretTypeLabel] === undefined);
}

/** Those of some objects that are missing in the cluster, or are not as they are written here. */
export async function changedObjects(api: ClusterApi, objects: readonly KubeObject[]): Promise<KubeObject[]> {
  const changed = await Promise.all(objects.map(async (one) => differs(wantedOf(one), await read(api, one))));
  return objects.filter((_, index) => changed[index]);
}

/**
 * Makes objects what they are here, whoever changed them: what they lack is written, and what somebody added is removed. An object
 * that is right is not touched.
 */
export async function restoreObjects(api: ClusterApi, objects: readonly KubeObject[]): Promise<void> {
  const isNamespace = ({ kind }: KubeObject) => kind === "Namespace";
  // What is in a namespace that goes is looked at when that is there again.
  for (const part of [objects.filter(isNamespace), objects.filter((one) => !isNamespace(one))]) {
    const changed = await changedObjects(api, part);
    await Promise.all(changed.map((one) => restore(api, wantedOf(one))));
  }
}

/** What other objects would go with: it is never deleted to be made again. */
function holdsOthers({ kind }: KubeObject): boolean {
  return kind === "Namespace" || kind === "CustomResourceDefinition";
}

async function restore(api: ClusterApi, wanted: KubeObject): Promise<void> {
  const path = pathOf(wanted);
  const before = await read(api, wanted);
  if (before?.metadata?.deletionTimestamp !== undefined) await letGo(api, path, before);
  const applied = { body: wanted, contentType: "application/apply-patch+yaml" };
  const apply = () => api.request("PATCH", `${path}?${manager}&force=true`, applied);
  let answer = await apply();
  if (answer.status === 422 && !holdsOthers(wanted)) {
    // The role of a binding cannot be changed, nor an immutable ConfigMap.
    await found(api.request("DELETE", path));
    answer = await apply();
  }
  await found(Promise.resolve(answer));
  const live = await read(api, wanted);
  if (!live || !differs(wanted, live)) return;
  // Applying leaves what others added; only an update removes it.
  const body = { ...(isShared(wanted) ? live : wanted), metadata: merged(live, wanted) };
  await found(api.request("PUT", `${path}?${manager}`, { body }));
}

/**
 * What is known of the live object, without owners, with one of which it could be deleted, and without what Argo CD marked it with:
 * it would delete the object with the file that is gone.
 */
function merged({ metadata: live = {} }: KubeObject, { metadata = {} }: KubeObject): KubeMetadata {
  const both = (key: Marks) => {
    const theirs = byArgoCd(live, key);
    // Some marks come with another one: a policy adds them to what Argo CD tracks.
    const isTheirs = (name: string) => theirs.includes(name) || name.startsWith(argoCdPrefix);
    const kept = Object.entries(live[key] ?? {}).filter(([name]) => !isTheirs(name));
    return { ...Object.fromEntries(kept), ...metadata[key] };
  };
  const { resourceVersion, finalizers } = live;
  return {
    ...metadata,
    ...{ labels: both("labels"), annotations: both("annotations"), resourceVersion },
    ...(finalizers && { finalizers }),
  };
}

const argoCdPrefix = "argocd.argoproj.io/";

type Marks = "labels" | "annotations";

/** Names of the labels or annotations that Argo CD wrote when it synced. */
function byArgoCd({ managedFields = [] }: KubeMetadata, key: Marks): string[] {
  return managedFields
    .filter(({ manager }) => manager === argoCdManager)
    .flatMap(({ fieldsV1 }) => Object.keys(fieldsV1?.["f:metadata"]?.[`f:${key}`] ?? {}))
    .filter((field) => field.startsWith("f:"))
    .map((field) => field.slice("f:".length));
}

function read(api: ClusterApi, object: KubeObject): Promise<KubeObject | undefined> {
  return found(api.request("GET", pathOf(object)));
}

function pathOf({ apiVersion = "", kind = "", metadata }: KubeObject): string {
  const plural = plurals[kind];
  if (plural === undefined) throw new Error(`restoring a ${kind} is not known`);
  const base = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const namespace = metadata?.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
  return `${base}${namespace}/${plural}/${metadata?.name}`;
}

/** A Secret or a definition as it is stored. */
function wantedOf(object: KubeObject): KubeObject {
  if (isDefinition(object)) {
    return { ...object, spec: { conversion: { strategy: "None" }, ...(object.spec as object) } };
  }
  const { stringData, ...rest } = object;
  if (stringData === undefined) return object;
  const data = Object.entries(stringData as Record<string, string>).map(([key, text]) => [
    key,
    Buffer.from(text).toString("base64"),
  ]);
  return { ...rest, data: Object.fromEntries(data) as Record<string, string> };
}

function differs(wanted: KubeObject, live: KubeObject | undefined): boolean {
  if (live === undefined) return true;
  const { metadata = {} } = live;
  if (metadata.deletionTimestamp !== undefined) return true;
  const shared = isShared(wanted);
  const differ = (key: Marks) => {
    const ours = wanted.metadata?.[key] ?? {};
    const missing = Object.entries(ours).some(([name, value]) => metadata[key]?.[name] !== value);
    return missing || byArgoCd(metadata, key).some((name) => !(name in ours));
  };
  if (
    differ("labels") ||
    differ("annotations") ||
    (wanted.kind !== "Namespace" && metadata.ownerReferences !== undefined)
  )
    return true;
  return Object.keys(shared ? wanted : { ...live, ...wanted })
    .filter((key) => !["apiVersion", "kind", "metadata", "type", "status"].includes(key))
    .some((key) => !(shared ? covers(live[key], wanted[key]) : isDeepStrictEqual(lean(live[key]), lean(wanted[key]))));
}

function covers(live: unknown, wanted: unknown): boolean {
  return isDeepStrictEqual({ ...(live as object), ...(wanted as object) }, live);
}
