import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { moduleParts } from "../../../../../../infra/providers/embedded/toolchain/parts";
import {
  releaseFiles,
  type Platform,
  type ReleaseFile,
} from "../../../../../../infra/providers/embedded/toolchain/release/files";

export const plugins = { kubernetes: "4.34.2", random: "4.21.2" };

/** What is special about the answers for one path; it is asked for each request. */
type Manner = (request: IncomingMessage, response: ServerResponse, body: Buffer) => boolean;

/** All publishers as one server of this machine: a mirror that has their hosts as folders. */
export class Publishers {
  /** Paths that were asked for, with the range. */
  readonly requests: string[] = [];
  readonly bodies = new Map<string, Buffer>();
  readonly manners = new Map<string, Manner>();
  private readonly folder = mkdtempSync(join(tmpdir(), "onebranch-publishers-"));
  private server?: Server;

  constructor(readonly platform: Platform = { os: "linux", arch: "amd64" }) {
    const files = moduleParts.flatMap((part) => releaseFiles(part, platform, plugins) ?? []);
    for (const file of files) this.bodies.set(pathOf(file.url), this.contentOf(file));
    for (const { url, checksums } of files) if (checksums) this.publish(checksums, url);
  }

  /** Serves; gives the address. */
  async start(): Promise<string> {
    this.server = createServer((request, response) => this.answer(request, response));
    await new Promise<void>((resolve) => this.server!.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true });
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve) ?? resolve(undefined));
  }

  digest(url: string): string {
    return sha256(this.bodies.get(pathOf(url))!);
  }

  /** What is to be pinned, because no publisher says it. */
  pins(): Record<string, string> {
    const files = moduleParts.flatMap((part) => releaseFiles(part, this.platform, plugins) ?? []);
    const silent = files.filter(({ checksums }) => checksums === undefined);
    return Object.fromEntries(silent.map(({ url }) => [url, this.digest(url)]));
  }

  /** Requests for a file, each with its range. */
  asked(url: string): string[] {
    return this.requests.filter((request) => request.split(" ")[1] === pathOf(url));
  }

  /** A program that says its name, as the publisher packs it. */
  private contentOf({ to, member }: ReleaseFile): Buffer {
    // What can be packed to a few bytes could not be cut.
    const ballast = Array.from({ length: 50 }, (_, i) => sha256(`${to} ${i}`)).join("");
    const program = Buffer.from(`#!/bin/sh\n# ${ballast}\necho ${basename(to)} "$@"\n`);
    if (member === undefined) return program;
    const file = join(this.folder, member);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, program);
    const archive = join(this.folder, `${basename(to)}.tar.gz`);
    execFileSync("tar", ["-czf", archive, "-C", this.folder, member]);
    return readFileSync(archive);
  }

  /** Says the digest of a file in its publisher's own way. */
  private publish(checksums: string, url: string): void {
    const path = pathOf(checksums);
    const [name, digest] = [basename(url), this.digest(url)];
    if (checksums.endsWith(`${name}.sha256`)) this.bodies.set(path, Buffer.from(digest));
    else if (checksums.includes("api.github.com")) {
      const assets = [{ name: `${name}.sig` }, { name, digest: `sha256:${digest}` }];
      this.bodies.set(path, Buffer.from(JSON.stringify({ assets })));
    } else {
      const before = this.bodies.get(path) ?? Buffer.from(`${"0".repeat(64)}  another-file\n`);
      this.bodies.set(path, Buffer.concat([before, Buffer.from(`${digest}  ${name}\n`)]));
    }
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { url = "/", method, headers } = request;
    this.requests.push([method, url, headers.range].filter(Boolean).join(" "));
    const body = this.bodies.get(url);
    if (body === undefined) return void response.writeHead(404).end();
    if (method === "HEAD") return void response.writeHead(200, { "content-length": body.length }).end();
    if (this.manners.get(url)?.(request, response, body)) return;
    send(request, response, body).end();
  }
}

/** Answers as a server does that knows ranges; what is sent is `until` that byte. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  until = body.length,
): ServerResponse {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  if (from > 0 && from >= body.length) return response.writeHead(416, { "content-range": `bytes */${body.length}` });
  const range = from > 0 ? { "content-range": `bytes ${from}-${body.length - 1}/${body.length}` } : {};
  response.writeHead(from > 0 ? 206 : 200, { ...range, "content-length": body.length - from });
  response.write(body.subarray(from, until));
  return response;
}

/** The path of a publisher's file in a mirror of all of them. */
export function pathOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `/${host}${pathname}`;
}

export function sha256(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex");
}
