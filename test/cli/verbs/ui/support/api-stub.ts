import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { argoCdApi } from "../../../../../model/root";
import type { ApplicationObject } from "../../../../../cli/verbs/ui/fleet/application-object";

const applications = `${argoCdApi}/applications`;

/** What an answer is made from. */
export interface Sent {
  body: string;
  headers: IncomingMessage["headers"];
}

/** Thrown where an answer is made: the status says what is wrong. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** An API server that has Applications only: it lists them, gives one, and replays what changes to its watches. */
export class ApiStub {
  /** What was asked of it, without the query of a watch. */
  readonly asked: string[] = [];
  /** Answers every list with this status. */
  refuses?: { status: number; message: string };
  /** Ends the next watch with this event. */
  nextError?: { code: number; message: string };
  /** Says nothing any more to whoever asks. */
  frozen = false;
  readonly identity: Record<string, string> = {};
  /** What else it answers, by method and path without the query. */
  readonly answers = new Map<string, (sent: Sent) => object>();
  /** Every patch, as it was sent. */
  readonly patches: { path: string; body: Record<string, unknown> }[] = [];
  /** Refuses whoever does not have it. */
  token?: string;
  private readonly objects = new Map<string, ApplicationObject>();
  private readonly watches = new Set<ServerResponse>();
  private readonly sockets = new Set<Socket>();
  private version = 1;
  /** Every event so far, that a watch starts with those after its version. */
  private readonly events: { version: number; line: string }[] = [];
  private server?: Server;
  private port = 0;

  /** Starts it, at the same port as before. */
  async start(): Promise<this> {
    this.server = createServer((request, response) => void this.answer(request, response));
    this.server.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => this.server!.listen(this.port, "127.0.0.1", resolve));
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  /** Ends it as a killed process ends: every connection breaks. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server?.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    this.watches.clear();
    await closed;
  }

  /** Ends the open watches, as an API server does from time to time. */
  endWatches(): void {
    for (const watch of this.watches) watch.end();
    this.watches.clear();
  }

  get kubeconfig(): string {
    return JSON.stringify({
      "current-context": "stub",
      contexts: [{ name: "stub", context: { cluster: "stub", user: "stub" } }],
      clusters: [{ name: "stub", cluster: { server: `http://127.0.0.1:${this.port}` } }],
      users: [{ name: "stub", user: {} }],
    });
  }

  get watching(): number {
    return this.watches.size;
  }

  /** Adds an Application, or changes it. */
  set(object: ApplicationObject): void {
    const { name } = object.metadata;
    const type = this.objects.has(name) ? "MODIFIED" : "ADDED";
    this.objects.set(name, this.stamped(object));
    this.tell(type, this.objects.get(name)!);
  }

  remove(name: string): void {
    const object = this.objects.get(name);
    if (object === undefined) throw new Error(`the stub has no ${name}`);
    this.objects.delete(name);
    this.tell("DELETED", this.stamped(object));
  }

  /** Only the version moves on, as for a bookmark. */
  bookmark(): void {
    this.tell("BOOKMARK", this.stamped({ metadata: { name: "" } }));
  }

  private stamped(object: ApplicationObject): ApplicationObject {
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.version) } };
  }

  private tell(type: string, object: object): void {
    const line = `${JSON.stringify({ type, object })}\n`;
    this.events.push({ version: this.version, line });
    if (this.events.length > 200) this.events.splice(0, 100);
    for (const watch of this.watches) watch.write(line);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = "", method = "", headers } = request;
    if (this.token !== undefined && headers.authorization !== `Bearer ${this.token}`) {
      return reply(response, 401, { message: "who are you" });
    }
    if (method !== "GET") return this.change(request, response);
    const { pathname, searchParams } = new URL(url, "http://stub");
    const watch = searchParams.get("watch") === "true";
    this.asked.push(watch ? `watch from ${searchParams.get("resourceVersion")}` : url);
    if (this.frozen) return;
    const other = this.answers.get(`GET ${pathname}`);
    if (other) return give(response, other, { body: "", headers });
    if (pathname === "/api/v1/namespaces/kube-system/configmaps/cluster-identity") {
      return reply(response, 200, { data: this.identity });
    }
    if (pathname === applications && watch) return this.watch(response, Number(searchParams.get("resourceVersion")));
    if (pathname === applications && this.refuses) return reply(response, this.refuses.status, this.refuses);
    if (pathname === applications) {
      return reply(response, 200, {
        metadata: { resourceVersion: String(this.version) },
        items: [...this.objects.values()],
      });
    }
    const found = pathname.startsWith(`${applications}/`) && this.objects.get(pathname.slice(applications.length + 1));
    if (found) reply(response, 200, found);
    else reply(response, 404, { message: "not found" });
  }

  private async change(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = "", method = "", headers } = request;
    let body = "";
    for await (const part of request) body += String(part);
    const other = this.answers.get(`${method} ${url}`);
    if (other) return give(response, other, { body, headers });
    const object = this.objects.get(url.slice(applications.length + 1));
    if (method !== "PATCH" || object === undefined) return reply(response, 404, { message: "not found" });
    const patch = JSON.parse(body) as { metadata?: { resourceVersion?: string } };
    this.patches.push({ path: url, body: patch as Record<string, unknown> });
    const wanted = patch.metadata?.resourceVersion;
    if (wanted !== undefined && wanted !== object.metadata.resourceVersion) {
      return reply(response, 409, { message: "the object has been modified" });
    }
    reply(response, 200, object);
  }

  private watch(response: ServerResponse, from: number): void {
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    if (this.nextError !== undefined) {
      response.end(`${JSON.stringify({ type: "ERROR", object: this.nextError })}\n`);
      this.nextError = undefined;
      return;
    }
    for (const { version, line } of this.events) if (version > from) response.write(line);
    this.watches.add(response);
    response.on("close", () => this.watches.delete(response));
  }
}

function give(response: ServerResponse, answer: (sent: Sent) => object, sent: Sent): void {
  try {
    reply(response, 200, answer(sent));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    reply(response, error.status, { message: error.message });
  }
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
