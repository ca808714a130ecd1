import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startToken } from "./start";

export interface Holder {
  pid: number;
  start: string;
}

export interface LockOptions {
  /** milliseconds between two looks */
  poll: number;
  /** called once for each holder that has to be waited for */
  waiting: (holder: Holder) => void;
  signal?: AbortSignal;
}

/** Waits for the lock, holds it while `work` runs, and gives it back. A holder that died does not count. */
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
  const me: Holder = { pid: process.pid, start: (await startToken(process.pid)) ?? "" };
  // The id tells two builds inside one process apart.
  const mine = JSON.stringify({ ...me, id: randomUUID() });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, mine, { mode: 0o600 });
  try {
    let told: string | undefined;
    while (!options.signal?.aborted) {
      if (await claim(draft, path)) return mine;
      const held = await content(path);
      if (held === undefined) continue;
      const holder = await living(held);
      if (holder === undefined) {
        await discard(path, held);
        continue;
      }
      if (told !== held) {
        told = held;
        options.waiting(holder);
      }
      await sleep(options.poll, undefined, { signal: options.signal }).catch(() => undefined);
    }
    throw options.signal?.reason;
  } finally {
    await rm(draft, { force: true });
  }
}

/** A link appears with its content in one step, so nobody ever reads a lock that is half written. */
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

async function living(held: string): Promise<Holder | undefined> {
  try {
    const holder = JSON.parse(held) as Holder;
    return (await startToken(holder.pid)) === holder.start ? holder : undefined;
  } catch {
    return undefined;
  }
}

/** Two waiters may see the same dead holder: the rename lets one of them win, and a fresh lock taken by mistake goes back. */
async function discard(path: string, dead: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  if ((await content(aside)) !== dead) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}
