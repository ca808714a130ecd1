import { git } from "../../machine/git";

/**
 * When each file was changed last, by the commits that HEAD has; a file that is not committed as it is has no time. Empty where Git
 * cannot say.
 */
export async function lastChanges(root: string, paths: readonly string[]): Promise<Map<string, Date>> {
  const found = new Map<string, Date>();
  if (paths.length === 0) return found;
  try {
    const [log, changed] = await Promise.all([
      git(root, ["log", "--format=%x00%x00%cI", "--name-only", "-z", "--no-renames", "--", ...paths]),
      git(root, ["status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--", ...paths]),
    ]);
    let when = new Date(0);
    for (const part of log.toString().split("\0")) {
      const text = part.trim();
      if (/^\d{4}-\d\d-\d\dT/.test(text)) when = new Date(text);
      else if (text !== "" && !found.has(text)) found.set(text, when);
    }
    for (const line of changed.toString().split("\0")) found.delete(line.slice(3));
  } catch {
    return new Map();
  }
  return found;
}

/** `3 d`, `5 h`, `12 min`: how long ago a time is. */
export function ageWords(when: Date, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - when.getTime()) / 60_000));
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h`;
  return `${Math.floor(minutes / (24 * 60))} d`;
}
