import assert from "node:assert/strict";
import type { ApiAnswer, ApiRequest, ClusterApi, KubeObject } from "../../../infra/cluster/api";
import { secretTypeLabel } from "../../../model/root";
import { changedObjects, restoreObjects } from "../../../infra/cluster/restore";

/** Stores what is applied over what is there, and what is put instead of it, as the API server does. */
class Store implements ClusterApi {
  readonly objects = new Map<string, KubeObject>();
  readonly writes: string[] = [];

  /** What the cluster does by itself after each request. */
  afterEach: () => void = () => undefined;

  request(method: string, url: string, request: ApiRequest = {}): Promise<ApiAnswer> {
    const answer = this.answer(method, url, request);
    this.afterEach();
    return answer;
  }

  private answer(method: string, url: string, { body }: ApiRequest): Promise<ApiAnswer> {
    const path = url.split("?")[0]!;
    const live = this.objects.get(path);
    if (method !== "GET") this.writes.push(`${method} ${path}`);
    const items = [...this.objects].filter(([one]) => one.startsWith(`${path}/`)).map(([, object]) => object);
    if (method === "GET" && /applications$|sets$|projects$/.test(path)) {
      return Promise.resolve({ status: 200, body: { items } });
    }
    if (method === "GET") return Promise.resolve(live ? { status: 200, body: live } : { status: 404, body: {} });
    const isReleased =
      (body as KubeObject | undefined)?.metadata?.finalizers === null && live?.metadata?.deletionTimestamp;
    if (method === "DELETE" || isReleased) this.objects.delete(path);
    else if (live?.roleRef && method === "PATCH") return Promise.resolve({ status: 422, body: { message: "roleRef" } });
    else this.objects.set(path, (method === "PUT" ? body : over(live, body)) as KubeObject);
    return Promise.resolve({ status: 200, body: {} });
  }
}

function over(live: unknown, applied: unknown): unknown {
  if (!isMap(live) || !isMap(applied)) return applied;
  const keys = Object.keys({ ...live, ...applied });
  return Object.fromEntries(keys.map((key) => [key, key in applied ? over(live[key], applied[key]) : live[key]]));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const path = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/b";
const binding: KubeObject = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingAdmissionPolicyBinding",
  metadata: { name: "b" },
  spec: { policyName: "b", validationActions: ["Deny"] },
};
const secret = (name: string, labels: Record<string, string>): KubeObject => {
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace: "argocd", labels }, stringData: { a: "1" } };
};

describe("restoring objects", () => {
  let store: Store;
  beforeEach(() => (store = new Store()));

  const spec = () => store.objects.get(path)?.spec;

  it("leaves alone what is right, with what the controllers write without meaning", async () => {
    const live = { ...binding, spec: { ...(binding.spec as object), paramRef: {}, matchResources: null } };
    store.objects.set(path, { ...live, metadata: { name: "b", uid: "u", annotations: { a: "b" } } });
    assert.deepEqual(await changedObjects(store, [binding]), []);
    await restoreObjects(store, [binding]);
    assert.deepEqual(store.writes, []);
  });

  it("writes what is missing", async () => {
    assert.deepEqual(await changedObjects(store, [binding]), [binding]);
    await restoreObjects(store, [binding]);
    assert.deepEqual(spec(), binding.spec);
    assert.deepEqual(store.writes, [`PATCH ${path}`]);
  });

  it("takes out what somebody added, which applying leaves there", async () => {
    const matchResources = { namespaceSelector: { matchLabels: { no: "such" } } };
    store.objects.set(path, {
      ...binding,
      metadata: {
        name: "b",
        resourceVersion: "7",
        finalizers: ["f"],
        ownerReferences: [{ kind: "A", name: "a", uid: "u" }],
      },
      spec: { policyName: "b", validationActions: ["Audit"], matchResources },
    });
    await restoreObjects(store, [binding]);
    assert.deepEqual(spec(), binding.spec);
    assert.deepEqual(store.objects.get(path)?.metadata, {
      name: "b",
      resourceVersion: "7",
      finalizers: ["f"],
      labels: {},
      annotations: {},
    });
    assert.deepEqual(await changedObjects(store, [binding]), []);
  });

  it("compares Secrets as they are stored, and keeps what others write into one that is not the login of Argo CD", async () => {
    const secrets = [secret("argocd-secret", {}), secret("repository", { [secretTypeLabel]: "repository" })];
    await restoreObjects(store, secrets);
    assert.deepEqual(await changedObjects(store, secrets), []);
    for (const object of store.objects.values()) Object.assign(object.data as object, { more: "eA==" });
    assert.deepEqual(await changedObjects(store, secrets), [secrets[1]]);
  });

  it("takes off what Argo CD marked an object with, and leaves the marks of others", async () => {
    const namespace: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "argocd" } };
    const fields = { "f:labels": { ".": {}, "f:enforce": {} }, "f:annotations": { "f:tracked": {} } };
    store.objects.set("/api/v1/namespaces/argocd", {
      ...namespace,
      metadata: {
        name: "argocd",
        labels: { enforce: "privileged", mesh: "on" },
        annotations: { tracked: "bootstrap", "argocd.argoproj.io/sync-options": "Prune=confirm", cloud: "1" },
        managedFields: [
          { manager: "argocd-controller", fieldsV1: { "f:metadata": fields } },
          { manager: "mesh", fieldsV1: { "f:metadata": { "f:labels": { "f:mesh": {} } } } },
        ],
      },
    });
    assert.deepEqual(await changedObjects(store, [namespace]), [namespace]);
    await restoreObjects(store, [namespace]);
    const { labels, annotations } = store.objects.get("/api/v1/namespaces/argocd")?.metadata ?? {};
    assert.deepEqual([labels, annotations], [{ mesh: "on" }, { cloud: "1" }]);
  });

  it("keeps what others wrote into a shared Secret, also when it takes marks off", async () => {
    const wanted = secret("argocd-secret", {});
    const managedFields = [
      { manager: "argocd-controller", fieldsV1: { "f:metadata": { "f:annotations": { "f:tracked": {} } } } },
    ];
    const metadata = { ...wanted.metadata, annotations: { tracked: "bootstrap" }, managedFields };
    const live: KubeObject = { apiVersion: "v1", kind: "Secret", metadata, data: { a: "Mg==", password: "eA==" } };
    store.objects.set("/api/v1/namespaces/argocd/secrets/argocd-secret", live);
    await restoreObjects(store, [wanted]);
    const [restored] = store.objects.values();
    assert.deepEqual(restored!.data, { a: "MQ==", password: "eA==" });
    assert.deepEqual(restored!.metadata?.annotations, {});
  });

  it("takes a default out of a definition that somebody added", async () => {
    const at = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/a.example.com";
    const schema = (more: object) => ({ type: "object", properties: { replicas: { type: "integer", ...more } } });
    const definition = (more: object, stored: object): KubeObject => ({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "a.example.com" },
      spec: { group: "example.com", versions: [{ name: "v1", schema: schema(more) }], ...stored },
    });
    const conversion = { conversion: { strategy: "None" } };
    store.objects.set(at, definition({}, conversion));
    assert.deepEqual(await changedObjects(store, [definition({}, {})]), []);
    store.objects.set(at, definition({ default: 7 }, conversion));
    await restoreObjects(store, [definition({}, {})]);
    assert.deepEqual(store.objects.get(at)?.spec, definition({}, conversion).spec);
  });

  it("lets go what is being deleted and makes it again, with what is in it", async () => {
    const at = "/api/v1/namespaces/argocd";
    const inside = `/apis/argoproj.io/v1alpha1/namespaces/argocd/applications`;
    const namespace: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "argocd" } };
    const login = secret("repository", { [secretTypeLabel]: "repository" });
    await restoreObjects(store, [namespace, login]);
    const deleted = { deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["held"] };
    store.objects.set(`${inside}/orders`, { metadata: { name: "orders", ...deleted } });
    store.objects.set(at, { ...namespace, metadata: { ...namespace.metadata, ...deleted } });
    // Kubernetes deletes what is in a namespace, and the namespace when nothing in it is held any more.
    store.afterEach = () => {
      if (store.objects.has(`${inside}/orders`) || !store.objects.get(at)?.metadata?.deletionTimestamp) return;
      store.objects.delete(at);
      store.objects.delete(`${at}/secrets/repository`);
    };
    assert.deepEqual(await changedObjects(store, [namespace]), [namespace]);
    await restoreObjects(store, [login, namespace]);
    assert.deepEqual([...store.objects.keys()].sort(), [at, `${at}/secrets/repository`]);
    assert.equal(store.objects.get(at)?.metadata?.deletionTimestamp, undefined);
  });

  it("makes a binding again whose role was changed", async () => {
    const at = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/r";
    const wanted: KubeObject = {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "r" },
      roleRef: { name: "r" },
    };
    store.objects.set(at, { ...wanted, roleRef: { name: "cluster-admin" } });
    await restoreObjects(store, [wanted]);
    assert.deepEqual(store.objects.get(at), wanted);
  });
});
