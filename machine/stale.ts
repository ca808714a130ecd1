import { randomUUID } from "node:crypto";
import { rename, rm } from "node:fs/promises";

/** How a lock or a claim keeps its content. */
export interface Keeping {
  /** Undefined where there is none. */
  read: (path: string) => Promise<string | undefined>;
  /** Gives a path the content of another one, unless there is something by now. */
  putBack: (aside: string, path: string) => Promise<void>;
}

/**
 * Removes what a dead process left at a path. Two processes may see the same content there. The rename lets only one of them win; if
 * it caught something fresh, it puts that back.
 */
export async function removeStale(path: string, stale: string, { read, putBack }: Keeping): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  if ((await read(aside)) !== stale) await putBack(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}
