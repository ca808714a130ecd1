import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { basename, sep } from "node:path";
import { promisify } from "node:util";
import { startToken } from "../toolchain/start";
import type { NamedProcess } from "./pid-file";

const run = promisify(execFile);
const marker = "ONEBRANCH_PIDFILE=";

/**
 * Processes of this user that were started with a pid file below `directory`. It finds what a
 * removed pid file, or one that was not written yet, hides.
 */
export async function processesBelow(directory: string): Promise<NamedProcess[]> {
  const prefix = `${marker}${directory}${sep}`;
  const found: NamedProcess[] = [];
  for (const { pid, environment } of await (process.platform === "linux" ? fromProc() : fromPs())) {
    const entry = environment.find((text) => text.startsWith(prefix));
    const start = entry && (await startToken(pid));
    if (entry && start) found.push({ name: basename(entry, ".json"), record: { pid, start } });
  }
  return found;
}

async function pids(): Promise<number[]> {
  const names = await readdir("/proc");
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

async function fromProc(): Promise<{ pid: number; environment: string[] }[]> {
  const read = async (pid: number) => {
    // Other users' processes refuse, and ended ones are gone: neither is ours.
    const text = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
    return { pid, environment: text.split("\0") };
  };
  return Promise.all((await pids()).map(read));
}

async function fromPs(): Promise<{ pid: number; environment: string[] }[]> {
  const { stdout } = await run("ps", ["-axwwE", "-o", "pid=,command="], { maxBuffer: 64 << 20 });
  return stdout.split("\n").map((line) => {
    const [pid, ...environment] = line.trim().split(/\s+/);
    return { pid: Number(pid), environment };
  });
}

/** Who listens on a port of this machine, as far as this user may know. */
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
  for (const pid of sockets.size > 0 ? await pids() : []) {
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    const targets = await Promise.all(files.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => "")));
    if (targets.some((target) => sockets.has(target))) return pid;
  }
  return undefined;
}

async function listenerFromLsof(port: number): Promise<number | undefined> {
  const { stdout } = await run("lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-t"]).catch(() => ({ stdout: "" }));
  return Number(stdout.split("\n")[0]) || undefined;
}

async function commandOf(pid: number): Promise<string> {
  const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
  if (name) return name.trim();
  const { stdout } = await run("ps", ["-o", "comm=", "-p", String(pid)]).catch(() => ({ stdout: "" }));
  return basename(stdout.trim()) || "a process";
}
