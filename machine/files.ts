import { randomUUID } from "node:crypto";
import { chmodSync, linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";

/** Makes a directory that only its owner can read. One that exists already is made so too. */
export function privateDirectory(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chmodSync(path, 0o700);
  return path;
}

/** Only the owner may read and write. */
const privateMode = 0o600;

/** Replaces a file in one step: after a kill, and for every reader, it has either the old content or the new one. */
export function writeWhole(path: string, content: string, mode = privateMode): void {
  const draft = `${path}.${randomUUID()}`;
  try {
    writeFileSync(draft, content, { mode });
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Makes a file in one step unless it exists. When two processes try at once, both go on with the file of the first.
 * @param directory where the draft is written, on the same disk; a kill may leave the draft there
 */
export function writeOnce(path: string, content: string, directory: string): void {
  const draft = `${directory}/${randomUUID()}`;
  try {
    writeFileSync(draft, content, { mode: privateMode });
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
