import { isDeepStrictEqual } from "node:util";
import { lean } from "../../model/stored";
import { found, type ClusterApi, type KubeMetadata, type KubeObject } from "./api";

/** Under this name the program applies every object. */
const manager = "fieldManager=onebranch";

const plurals: Readonly<Record<string, string>> = {
  AppProject: "appprojects",
  ApplicationSet: "applicationsets",
  ClusterRole: "clusterroles",
  ClusterRoleBinding: "clusterrolebindings",
  ConfigMap: "configmaps",
  Namespace: "namespaces",
  Role: "roles",
  RoleBinding: "rolebindings",
  Secret: "secrets",
  ValidatingAdmissionPolicy: "validatingadmissionpolicies",
  ValidatingAdmissionPolicyBinding: "validatingadmissionpolicybindings",
};

/** Objects of ours that Argo CD or Kubernetes also write into: only what is ours there counts. */
function isShared({ kind, metadata }: KubeObject): boolean {
  return kind === "Namespace" || metadata?.name === "argocd-secret";
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
  const changed = (await changedObjects(api, objects)).map(wantedOf);
  for (const one of changed.filter(({ kind }) => kind === "Namespace")) await restore(api, one);
  await Promise.all(changed.filter(({ kind }) => kind !== "Namespace").map((one) => restore(api, one)));
}

async function restore(api: ClusterApi, wanted: KubeObject): Promise<void> {
  const path = pathOf(wanted);
  const applied = { body: wanted, contentType: "application/apply-patch+yaml" };
  const apply = () => api.request("PATCH", `${path}?${manager}&force=true`, applied);
  let answer = await apply();
  if (answer.status === 422) {
    // The role of a binding cannot be changed.
    await found(api.request("DELETE", path));
    answer = await apply();
  }
  await found(Promise.resolve(answer));
  const live = await read(api, wanted);
  if (!live || !differs(wanted, live)) return;
  // Applying leaves what others added; only an update removes it.
  await found(api.request("PUT", `${path}?${manager}`, { body: { ...wanted, metadata: merged(live, wanted) } }));
}

/** What is known of the live object, without owners: with one of them it could be deleted. */
function merged({ metadata: live = {} }: KubeObject, { metadata = {} }: KubeObject): KubeMetadata {
  const both = (key: "labels" | "annotations") => ({ ...live[key], ...metadata[key] });
  const { resourceVersion, finalizers } = live;
  return {
    ...metadata,
    ...{ labels: both("labels"), annotations: both("annotations"), resourceVersion },
    ...(finalizers && { finalizers }),
  };
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

/** A Secret as it is stored. */
function wantedOf(object: KubeObject): KubeObject {
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
  const shared = isShared(wanted);
  const has = (key: "labels" | "annotations") =>
    Object.entries(wanted.metadata?.[key] ?? {}).every(([name, value]) => metadata[key]?.[name] === value);
  if (!has("labels") || !has("annotations") || (!shared && metadata.ownerReferences !== undefined)) return true;
  return Object.keys(shared ? wanted : { ...live, ...wanted })
    .filter((key) => !["apiVersion", "kind", "metadata", "type", "status"].includes(key))
    .some((key) => !(shared ? covers(live[key], wanted[key]) : isDeepStrictEqual(lean(live[key]), lean(wanted[key]))));
}

function covers(live: unknown, wanted: unknown): boolean {
  return isDeepStrictEqual({ ...(live as object), ...(wanted as object) }, live);
}
