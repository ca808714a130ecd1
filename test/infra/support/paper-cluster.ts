import type { ApiAnswer, ApiRequest, ClusterApi, KubeObject } from "../../../infra/cluster/api";

/** A request that changes something. */
export interface Change {
  method: string;
  path: string;
  body?: unknown;
}

/** An API server of paper: objects by path, with finalizers and propagation as the real one has them. */
export class PaperCluster implements ClusterApi {
  readonly objects = new Map<string, KubeObject>();
  readonly changes: Change[] = [];
  /** Runs before every request, as controllers would between two. */
  controllers: (() => void)[] = [];

  /** Stores an object under its path. */
  add(path: string, object: KubeObject = {}): void {
    const name = path.split("/").at(-1) ?? "";
    const namespace = /\/namespaces\/([^/]+)\/[^/]+\/[^/]+$/.exec(path)?.[1];
    this.objects.set(path, { ...object, metadata: { name, ...(namespace ? { namespace } : {}), ...object.metadata } });
  }

  paths(): string[] {
    return [...this.objects.keys()].sort();
  }

  request(method: string, url: string, request: ApiRequest = {}): Promise<ApiAnswer> {
    for (const controller of this.controllers) controller();
    const [path = "", query] = url.split("?");
    if (method !== "GET")
      this.changes.push({ method, path, ...(request.body === undefined ? {} : { body: request.body }) });
    const object = this.objects.get(path);
    if (method === "GET") return Promise.resolve(object ? answer(object) : this.#list(path, query));
    if (!object) return Promise.resolve(missing);
    if (method === "PATCH") {
      this.objects.set(path, merged(object, request.body) as KubeObject);
      this.sweep(path);
    } else if (method === "DELETE") {
      this.objects.set(path, { ...object, metadata: { ...object.metadata, deletionTimestamp: "now" } });
      this.sweep(path);
    }
    return Promise.resolve(answer({}));
  }

  /** Lets an object go that is being deleted and has no finalizer left. */
  sweep(path: string): void {
    const { deletionTimestamp, finalizers = [] } = this.objects.get(path)?.metadata ?? {};
    if (deletionTimestamp !== undefined && finalizers.length === 0) this.objects.delete(path);
  }

  #list(path: string, query: string | undefined): ApiAnswer {
    const discovered = discovery[path];
    if (discovered) return answer({ resources: discovered });
    const [, base = "", plural = ""] = /^(.*)\/([^/]+)$/.exec(path) ?? [];
    if (!plurals.has(plural)) return missing;
    const wanted = new URLSearchParams(query).get("labelSelector")?.split(",") ?? [];
    const items = [...this.objects].filter(([key, { metadata }]) => {
      const inside =
        key.startsWith(`${base}/`) && new RegExp(`^/(namespaces/[^/]+/)?${plural}/[^/]+$`).test(key.slice(base.length));
      return inside && wanted.every((label) => metadata?.labels?.[label.split("=")[0] ?? ""] === label.split("=")[1]);
    });
    return answer({ items: items.map(([, object]) => object) });
  }
}

/** What may be listed; every other path is that of one object. */
const plurals = new Set([
  ...["applications", "applicationsets", "appprojects", "clusterroles", "clusterrolebindings"],
  ...["customresourcedefinitions", "deployments", "gateways", "ingresses", "persistentvolumeclaims", "pods"],
  ...["secrets", "services", "statefulsets"],
]);

const missing: ApiAnswer = { status: 404, body: { message: "not found" } };

const discovery: Record<string, object[]> = {
  "/api/v1": [
    { name: "services", kind: "Service", namespaced: true },
    { name: "services/status", kind: "Service", namespaced: true },
    { name: "persistentvolumeclaims", kind: "PersistentVolumeClaim", namespaced: true },
    { name: "configmaps", kind: "ConfigMap", namespaced: true },
    { name: "namespaces", kind: "Namespace", namespaced: false },
    { name: "pods", kind: "Pod", namespaced: true },
  ],
  "/apis/apps/v1": [{ name: "statefulsets", kind: "StatefulSet", namespaced: true }],
  "/apis/gateway.networking.k8s.io/v1": [{ name: "gateways", kind: "Gateway", namespaced: true }],
  "/apis/networking.k8s.io/v1": [{ name: "ingresses", kind: "Ingress", namespaced: true }],
};

function answer(body: KubeObject): ApiAnswer {
  return { status: 200, body };
}

function merged(under: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> = { ...(under as object) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}
