import { randomUUID } from "node:crypto";
import { chmodSync, linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";

/** Makes a directory, also one that is there already, readable by its owner only. */
export function privateDirectory(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chmodSync(path, 0o700);
  return path;
}

/** Only the owner may read and write. */
const privateMode = 0o600;

/** Replaces a file in one step, so that a kill leaves the old content or the new one, and a reader sees nothing else. */
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
 * Makes a file in one step unless there is one: of two processes that try it at once, both go on with the file of the first.
 * @param directory for the draft, on the same disk; a kill may leave it there
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
