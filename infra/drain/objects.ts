import { argoCdApis } from "../../model/root";
import { trackingId, whenCascaded } from "../../model/argocd";
import { found, listed, type ClusterApi, type KubeObject } from "../cluster/api";

/** A resource as an Application's status lists it. */
export interface Tracked {
  group: string;
  version: string;
  kind: string;
  namespace: string;
  name: string;
}

/** An Application, as far as a drain reads it. */
export interface Application {
  namespace: string;
  name: string;
  project: string;
  finalizers: readonly string[];
  deleting: boolean;
  syncOptions: readonly string[];
  tracked: readonly Tracked[];
}

/** All Applications of the cluster; none when Argo CD's CRDs are not there. */
export async function applications(api: ClusterApi): Promise<Application[]> {
  return (await listed(api, `${argoCdApis}/applications`)).map(toApplication);
}

interface ApplicationBody {
  spec?: { project?: string; syncPolicy?: { syncOptions?: string[] } };
  status?: { resources?: Partial<Tracked>[] };
}

function toApplication(object: KubeObject): Application {
  const { spec, status } = object as ApplicationBody;
  const { namespace = "", name = "", finalizers = [], deletionTimestamp } = object.metadata ?? {};
  return {
    namespace,
    name,
    project: spec?.project ?? "",
    finalizers,
    deleting: deletionTimestamp !== undefined,
    syncOptions: spec?.syncPolicy?.syncOptions ?? [],
    tracked: (status?.resources ?? []).map((resource) => ({
      group: resource.group ?? "",
      version: resource.version ?? "v1",
      kind: resource.kind ?? "",
      namespace: resource.namespace ?? "",
      name: resource.name ?? "",
    })),
  };
}

/** Path of an Application, ApplicationSet or AppProject. */
export function argoPath(plural: string, { namespace, name }: { namespace: string; name: string }): string {
  return `${argoCdApis}/namespaces/${namespace}/${plural}/${name}`;
}

/** Names of the objects of one of Argo CD's own kinds. */
export async function argoObjects(api: ClusterApi, plural: string): Promise<{ namespace: string; name: string }[]> {
  return (await listed(api, `${argoCdApis}/${plural}`)).map(({ metadata }) => ({
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
  }));
}

/** Whether a ready application-controller is there to complete finalizers. */
export async function controllerReady(api: ClusterApi): Promise<boolean> {
  const selector = encodeURIComponent(
    "app.kubernetes.io/part-of=argocd,app.kubernetes.io/component=application-controller",
  );
  for (const plural of ["statefulsets", "deployments"]) {
    const workloads = await listed(api, `/apis/apps/v1/${plural}?labelSelector=${selector}`);
    const ready = workloads.some((workload) => {
      const { status } = workload as { status?: { readyReplicas?: number } };
      return (status?.readyReplicas ?? 0) > 0;
    });
    if (ready) return true;
  }
  return false;
}

/** Finds the address of tracked resources; what it learned of the API is kept for the next. */
export class Resources {
  readonly #kinds = new Map<string, Promise<Map<string, { plural: string; namespaced: boolean }>>>();

  constructor(private readonly api: ClusterApi) {}

  /** The object as it is now; `undefined` when it, or its kind, is gone. */
  async get(tracked: Tracked): Promise<KubeObject | undefined> {
    const path = await this.#path(tracked);
    return path === undefined ? undefined : found(this.api.request("GET", path));
  }

  /** Whether it exists and Argo CD made it. An object of the same name may come from elsewhere. */
  async owned(tracked: Tracked): Promise<boolean> {
    return isTracked(await this.get(tracked));
  }

  /** Whether Argo CD made it, but would keep it when its Application is deleted, or would ask for a confirmation first. */
  async outlives(tracked: Tracked, syncOptions: readonly string[]): Promise<boolean> {
    const object = await this.get(tracked);
    if (!object || !isTracked(object)) return false;
    const { outcome, waits } = whenCascaded(object, syncOptions);
    return outcome === "kept" || waits;
  }

  /** Asks for its deletion; its dependants are deleted after it. */
  async delete(tracked: Tracked): Promise<void> {
    const path = await this.#path(tracked);
    if (path !== undefined)
      await found(this.api.request("DELETE", path, { body: { propagationPolicy: "Background" } }));
  }

  async #path({ group, version, kind, namespace, name }: Tracked): Promise<string | undefined> {
    const base = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
    const known = this.#kinds.get(base) ?? this.#discover(base);
    this.#kinds.set(base, known);
    const found = (await known).get(kind);
    if (!found) return undefined;
    return found.namespaced
      ? `${base}/namespaces/${namespace}/${found.plural}/${name}`
      : `${base}/${found.plural}/${name}`;
  }

  async #discover(base: string): Promise<Map<string, { plural: string; namespaced: boolean }>> {
    const body = (await found(this.api.request("GET", base))) as
      { resources?: { name: string; kind: string; namespaced: boolean }[] } | undefined;
    const kinds = (body?.resources ?? []).filter(({ name }) => !name.includes("/"));
    return new Map(kinds.map(({ kind, name, namespaced }) => [kind, { plural: name, namespaced }]));
  }
}

function isTracked(object: KubeObject | undefined): boolean {
  return object?.metadata?.annotations?.[trackingId] !== undefined;
}

/** `Service web/shop`, for messages. */
export function describe({ kind, namespace, name }: { kind: string; namespace: string; name: string }): string {
  return `${kind} ${namespace === "" ? name : `${namespace}/${name}`}`;
}
