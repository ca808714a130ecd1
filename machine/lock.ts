import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, thisProcess, type ProcessRecord } from "./processes";
import { removeStale } from "./stale";

export interface LockOptions {
  /** Milliseconds between two tries. */
  poll: number;
  /** Called once for each holder that has to be waited for. */
  waiting: (holder: ProcessRecord) => void;
  signal?: AbortSignal;
}

/** Waits for the lock, holds it while `work` runs, and gives it back. The lock of a dead process is free. */
export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const mine = await take(path, options);
  try {
    return await work();
  } finally {
    if ((await content(path)) === mine) await rm(path, { force: true });
  }
}

async function take(path: string, options: LockOptions): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  // The id distinguishes two builds inside one process.
  const mine = JSON.stringify({ ...thisProcess(), id: randomUUID() });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, mine, { mode: 0o600 });
  try {
    let reported: string | undefined;
    while (!options.signal?.aborted) {
      if (await claim(draft, path)) return mine;
      const held = await content(path);
      if (held === undefined) continue;
      const holder = living(held);
      if (holder === undefined) {
        await removeStale(path, held, { read: content, putBack: link });
        continue;
      }
      if (reported !== held) {
        reported = held;
        options.waiting(holder);
      }
      await sleep(options.poll, undefined, { signal: options.signal }).catch(() => undefined);
    }
    throw options.signal?.reason;
  } finally {
    await rm(draft, { force: true });
  }
}

/** A link appears together with its content, so a lock is never read half written. */
async function claim(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function content(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}

function living(held: string): ProcessRecord | undefined {
  try {
    const holder = JSON.parse(held) as ProcessRecord;
    return isAlive(holder) ? holder : undefined;
  } catch {
    return undefined;
  }
}
