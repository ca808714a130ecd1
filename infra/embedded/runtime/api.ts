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

interface Answer {
  status: number;
  body: string;
}

/**
 * A connection to a server of the cluster with a client certificate. The runtime needs a handful of requests, at the very
 * moment when every tenth of a second counts; a Kubernetes client library takes longer to load than all of them take.
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

  /** Whether a path answers 200 within a second; an absent server is a plain no. */
  async isOk(path: string): Promise<boolean> {
    return this.send("GET", path, undefined, {}, 1000).then(
      ({ status }) => status === 200,
      () => false,
    );
  }

  /** The object at a path; undefined when there is none. */
  async get<T = KubernetesObject>(path: string): Promise<T | undefined> {
    const answer = await this.send("GET", path);
    if (answer.status === 404) return undefined;
    return JSON.parse(this.expect(answer, `reading ${path}`)) as T;
  }

  /** Creates an object in a collection; one that is there already is left alone. */
  async create(collection: string, object: KubernetesObject): Promise<void> {
    const answer = await this.send("POST", collection, JSON.stringify(object), { "Content-Type": "application/json" });
    if (answer.status !== 409) this.expect(answer, `creating ${object.kind} ${object.metadata.name}`);
  }

  /** Server-side apply; fields that others wrote are taken over. @param content an object, or YAML text */
  async apply(path: string, content: object | string): Promise<void> {
    const body = typeof content === "string" ? content : JSON.stringify(content);
    const headers = { "Content-Type": "application/apply-patch+yaml" };
    const answer = await this.send("PATCH", `${path}?fieldManager=onebranch&force=true`, body, headers);
    this.expect(answer, `applying ${path}`);
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

function messageOf(body: string): string {
  try {
    return (JSON.parse(body) as { message?: string }).message ?? body;
  } catch {
    return body.slice(0, 500);
  }
}
