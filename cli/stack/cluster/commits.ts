/** The first characters of a commit, as Git prints it; anything else, such as a chart's version, stays as it is. */
export function shortCommit(revision: string): string {
  return /^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 7) : revision;
}

/** The commit among the revisions of an Application, which may also name chart versions; the last one counts. */
export function commitAmong(revisions: readonly string[]): string {
  return [...revisions].reverse().find((revision) => /^[0-9a-f]{40}$/.test(revision)) ?? revisions.at(-1) ?? "";
}
