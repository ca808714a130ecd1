import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import type { Expectation } from "./eventually";

/** Every running process that names `folder` in its command line, working directory or environment: `pid command`. */
export function processesOf(folder: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
        const directory = readlinkSync(`/proc/${pid}/cwd`);
        if (!command) return [];
        const found = [command, environment, directory].some((text) => text.includes(folder));
        return found ? [`${pid} ${command.split("\0").join(" ").slice(0, 120)}`] : [];
      } catch {
        return [];
      }
    });
}

/** To wait for: no process of a folder is left. */
export function nothingRuns(folder: string): Expectation {
  return () => {
    const left = processesOf(folder);
    const message = `no process should be left, there are ${left.join("; ")}`;
    return Promise.resolve({ holds: left.length === 0, message });
  };
}

/** Whether something listens on a port of the loopback interface. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}

/** All files below a folder, relative to it; empty when it does not exist. */
export function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  } catch {
    return [];
  }
}
