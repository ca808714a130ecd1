import { apiServer, Refused } from "./api-server";

/** An object as the API server gives or takes it. */
export interface ClusterObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; [key: string]: unknown };
  [key: string]: unknown;
}

/** Reads any object of a cluster; every method throws when the cluster does not answer. */
export interface ObjectReader {
  /** The object as it is; undefined when it, or its kind, is not there. */
  live(object: ClusterObject): Promise<ClusterObject | undefined>;
  /**
   * The object as it would be if somebody applied it now under a manager's name. Nothing is stored. The API server fills in its
   * defaults and writes values in its own form, so that the answer can be compared with the live one.
   */
  applied(object: ClusterObject, manager: string): Promise<ClusterObject>;
}

interface Kind {
  name: string;
  kind: string;
  namespaced: boolean;
}

/** The objects of the cluster that a context of a kubeconfig names, the current one by default. */
export function connectObjects(kubeconfig: string, context?: string): ObjectReader {
  const { send } = apiServer(kubeconfig, context);
  const known = new Map<string, Promise<Kind[]>>();

  const kindsOf = (apiVersion: string): Promise<Kind[]> => {
    const asked =
      known.get(apiVersion) ??
      send("GET", groupPath(apiVersion))
        .then((text) => (JSON.parse(text) as { resources: Kind[] }).resources)
        .catch(unlessMissing<Kind[]>([]));
    known.set(apiVersion, asked);
    return asked;
  };
  const pathOf = async ({ apiVersion, kind, metadata }: ClusterObject): Promise<string | undefined> => {
    const found = (await kindsOf(apiVersion)).find((each) => each.kind === kind && !each.name.includes("/"));
    if (found === undefined) return undefined;
    const place = found.namespaced ? `/namespaces/${metadata.namespace ?? "default"}` : "";
    return `${groupPath(apiVersion)}${place}/${found.name}/${metadata.name}`;
  };

  return {
    async live(object) {
      const path = await pathOf(object);
      if (path === undefined) return undefined;
      const text = await send("GET", path).catch(unlessMissing(undefined));
      return text === undefined ? undefined : (JSON.parse(text) as ClusterObject);
    },
    async applied(object, manager) {
      const path = await pathOf(object);
      if (path === undefined) throw new Error(`the cluster does not know ${object.apiVersion} ${object.kind}`);
      const query = `dryRun=All&force=true&fieldManager=${encodeURIComponent(manager)}`;
      const text = await send("PATCH", `${path}?${query}`, JSON.stringify(object), {
        "content-type": "application/apply-patch+yaml",
      });
      return JSON.parse(text) as ClusterObject;
    },
  };
}

function groupPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function unlessMissing<T>(otherwise: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof Refused && error.status === 404) return otherwise;
    throw error;
  };
}
