import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A registry on this machine that knows one image; what it does depends on the first part of the image's name. */
export class RegistryServer {
  readonly manifest = '{"schemaVersion":2}';
  readonly digest = `sha256:${createHash("sha256").update(this.manifest).digest("hex")}`;
  readonly requests: string[] = [];
  private readonly server: Server = createServer((request, response) => this.answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return this.host;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): Promise<unknown> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  private answer({ method, url = "", headers }: IncomingMessage, response: ServerResponse): void {
    const { authorization = "nobody", accept = "" } = headers;
    this.requests.push(`${method} ${url} ${authorization}`);
    if (url.startsWith("/token")) {
      const allowed = url.includes("token%2Fapp") || authorization === "Basic dXNlcjpwYXNz";
      response.writeHead(allowed ? 200 : 401).end(allowed ? '{"token":"right"}' : "");
      return;
    }
    const [, kind] = /^\/v2\/(\w+)\/app\/manifests\/1\.0\.0$/.exec(url) ?? [];
    if (kind === undefined || !accept.includes("application/vnd.oci.image.index.v1+json"))
      return void response.writeHead(404).end();
    if (kind === "broken") return void response.writeHead(503).end();
    const token = kind === "token" || kind === "private";
    if (token && authorization !== "Bearer right") {
      const challenge = `Bearer realm="http://${this.host}/token",service="registry",scope="repository:${kind}/app:pull"`;
      return void response.writeHead(401, { "www-authenticate": challenge }).end();
    }
    const said = kind === "silent" ? {} : { "docker-content-digest": kind === "odd" ? "md5:1" : this.digest };
    response.writeHead(200, said).end(method === "GET" ? this.manifest : undefined);
  }
}
