import { open, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ClusterPaths } from "./directory";

const largest = 20 << 20;

/** The log of one process. */
export function logFile(paths: ClusterPaths, name: string): string {
  return join(paths.logs, `${name}.log`);
}

/**
 * Makes room in a log before a process starts to write it: one that grew beyond 20 MB becomes `<name>.log.1`, in the place of
 * the one before.
 * @returns where the new process will begin to write, in bytes
 */
export async function boundLog(path: string, limit: number = largest): Promise<number> {
  const size = await sizeOf(path);
  if (size <= limit) return size;
  await rename(path, `${path}.1`);
  return 0;
}

/** The last lines of a log from a byte on; long lines are cut. */
export async function lastLines(path: string, from: number, count = 10): Promise<string[]> {
  const size = await sizeOf(path);
  const begin = Math.max(from, size - (64 << 10));
  if (size <= begin) return [];
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - begin), 0, size - begin, begin);
    const lines = buffer.toString("utf8", 0, bytesRead).split("\n").filter(Boolean);
    return lines.slice(-count).map((line) => (line.length > 400 ? `${line.slice(0, 400)}...` : line));
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}
