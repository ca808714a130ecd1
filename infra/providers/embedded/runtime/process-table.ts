import { readdir, readFile, readlink } from "node:fs/promises";
import { basename, sep } from "node:path";
import { leadsGroup, processIds, runningProcesses, startToken } from "../../../../machine/processes";
import { run } from "../../../../machine/run";
import type { NamedProcess } from "./pid-file";

const marker = "ONEBRANCH_PIDFILE=";

/**
 * Processes of this user that were started with a pid file below `directory`. It finds what a
 * removed pid file, or one that was not written yet, hides.
 */
export function processesBelow(directory: string): NamedProcess[] {
  const prefix = `${marker}${directory}${sep}`;
  return runningProcesses().flatMap(({ pid, environment }) => {
    const entry = environment.find((text) => text.startsWith(prefix));
    // A publisher's program hands the variable on to the commands that it runs; only itself leads a process group.
    const start = entry && leadsGroup(pid) ? startToken(pid) : undefined;
    return entry && start ? [{ name: basename(entry, ".json"), record: { pid, start } }] : [];
  });
}

/** The process that listens on a port of this machine, as far as this user may see it. */
export async function listenerOf(port: number): Promise<{ pid: number; command: string } | undefined> {
  const pid = process.platform === "linux" ? await listenerFromProc(port) : await listenerFromLsof(port);
  return pid === undefined ? undefined : { pid, command: await commandOf(pid) };
}

async function listenerFromProc(port: number): Promise<number | undefined> {
  const tables = await Promise.all(
    ["tcp", "tcp6"].map((name) => readFile(`/proc/net/${name}`, "utf8").catch(() => "")),
  );
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const sockets = new Set<string>();
  for (const line of tables.join("\n").split("\n")) {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    if (local?.endsWith(`:${hex}`) && state === "0A" && inode) sockets.add(`socket:[${inode}]`);
  }
  for (const pid of sockets.size > 0 ? processIds() : []) {
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    const targets = await Promise.all(files.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => "")));
    if (targets.some((target) => sockets.has(target))) return pid;
  }
  return undefined;
}

async function listenerFromLsof(port: number): Promise<number | undefined> {
  const { stdout } = await run("lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-t"], {});
  return Number(stdout.split("\n")[0]) || undefined;
}

async function commandOf(pid: number): Promise<string> {
  const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
  if (name) return name.trim();
  const { stdout } = await run("ps", ["-o", "comm=", "-p", String(pid)], {});
  return basename(stdout.trim()) || "a process";
}
