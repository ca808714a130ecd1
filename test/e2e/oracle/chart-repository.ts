import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";

/** A local chart repository, since third-party charts come from one. */
export interface ChartRepository {
  address: string;
  /** Where the packed charts lie. */
  folder: string;
  close: () => void;
}

/** Packs a chart with a Helm and serves it on the loopback interface. */
export async function serveChart(helm: string, chart: string, folder: string): Promise<ChartRepository> {
  mkdirSync(folder, { recursive: true });
  const run = (...args: string[]) => execFileSync(helm, args, { stdio: ["ignore", "ignore", "pipe"] });
  run("package", chart, "--destination", folder);
  run("repo", "index", folder);
  const server = createServer((request, response) => {
    try {
      response.end(readFileSync(join(folder, basename(request.url ?? ""))));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}`, folder, close: () => server.close() };
}
