import { Agent, request } from "node:https";
import { readPki } from "./certificates";
import type { ClusterPaths } from "./directory";

/** A Kubernetes object as far as this module looks at it. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; [key: string]: unknown };
  [key: string]: unknown;
}

interface Metadata {
  annotations?: Record<string, string>;
  generation?: number;
  resourceVersion?: string;
}

interface Answer {
  status: number;
  body: string;
}

/**
 * A connection to a server of the cluster with a client certificate. The runtime needs only a few requests, while the user waits.
 * Loading a Kubernetes client library would take longer than all of these requests.
 */
export class Api {
  private constructor(
    private readonly port: number,
    private readonly agent: Agent,
  ) {}

  /** @param user the key pair to present; `ca` is the authority the server's certificate must come from */
  static async connect(paths: ClusterPaths, port: number, user: string, ca = "ca"): Promise<Api> {
    const files = [`${ca}.crt`, `${user}.crt`, `${user}.key`];
    const [authority, cert, key] = await Promise.all(files.map((file) => readPki(paths, file)));
    return new Api(port, new Agent({ keepAlive: true, maxSockets: 8, ca: authority, cert, key }));
  }

  /** Whether a path answers 200 within a second; false when there is no server. */
  async isOk(path: string): Promise<boolean> {
    return this.send("GET", path, undefined, {}, 1000).then(
      ({ status }) => status === 200,
      () => false,
    );
  }

  /** The object at a path; undefined when there is none. */
  async get<T = KubernetesObject>(path: string, accept = "application/json"): Promise<T | undefined> {
    const answer = await this.send("GET", path, undefined, { Accept: accept });
    if (answer.status === 404) return undefined;
    return JSON.parse(this.expect(answer, `reading ${path}`)) as T;
  }

  /** Only the metadata of the object at a path, which for large objects is far less; undefined when there is none. */
  async metadata(path: string): Promise<{ metadata: Metadata } | undefined> {
    return this.get(path, "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
  }

  /**
   * Creates an object in a collection; false when one of that name is there already.
   * @param content an object, or its JSON
   */
  async create(collection: string, content: object | string): Promise<boolean> {
    const headers = { "Content-Type": "application/json" };
    const answer = await this.send("POST", `${collection}?fieldManager=onebranch`, textOf(content), headers);
    if (answer.status === 409) return false;
    this.expect(answer, `creating in ${collection}`);
    return true;
  }

  /** Server-side apply; fields that others wrote are taken over. */
  async apply(path: string, content: object): Promise<void> {
    const headers = { "Content-Type": "application/apply-patch+yaml" };
    const answer = await this.send("PATCH", `${path}?fieldManager=onebranch&force=true`, textOf(content), headers);
    this.expect(answer, `applying ${path}`);
  }

  /** Makes an object exactly this one: what others added to it goes. */
  async replace(path: string, object: KubernetesObject): Promise<void> {
    const resourceVersion = (await this.metadata(path))?.metadata.resourceVersion;
    const content = textOf({ ...object, metadata: { ...object.metadata, resourceVersion } });
    const headers = { "Content-Type": "application/json" };
    this.expect(await this.send("PUT", `${path}?fieldManager=onebranch`, content, headers), `replacing ${path}`);
  }

  /** Closes idle connections, so that the process can end. */
  close(): void {
    this.agent.destroy();
  }

  private expect({ status, body }: Answer, what: string): string {
    if (status >= 200 && status < 300) return body;
    throw new Error(`${what}: the API server answered ${status}: ${messageOf(body)}`);
  }

  private send(
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string> = {},
    timeout = 30_000,
  ): Promise<Answer> {
    const options = { method, path, headers, timeout, host: "127.0.0.1", port: this.port, agent: this.agent };
    return new Promise((resolve, reject) => {
      const sent = request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
      });
      sent.on("timeout", () => sent.destroy(new Error(`no answer within ${timeout / 1000} s`)));
      sent.on("error", reject);
      sent.end(body);
    });
  }
}

function textOf(content: object | string): string {
  return typeof content === "string" ? content : JSON.stringify(content);
}

function messageOf(body: string): string {
  try {
    return (JSON.parse(body) as { message?: string }).message ?? body;
  } catch {
    return body.slice(0, 500);
  }
}
