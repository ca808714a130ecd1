/** Whether a revision is a commit, and not the version of a chart. */
export const isCommit = (revision: string) => /^[0-9a-f]{40}$/.test(revision);

/** The first characters of a commit, as Git prints it; anything else, such as a chart's version, stays as it is. */
export function shortCommit(revision: string): string {
  return isCommit(revision) ? revision.slice(0, 7) : revision;
}

/** The commit among the revisions of an Application, which may also name chart versions; the last one counts. */
export function commitAmong(revisions: readonly string[]): string {
  return [...revisions].reverse().find(isCommit) ?? revisions.at(-1) ?? "";
}

/**
 * Whether what Argo CD compared was not all of one commit. It resolves the sources of an Application one after another, so that a
 * commit which comes in between is the revision of the later ones only.
 * @param revisions of its sources; none where nothing was compared yet, which is not behind
 */
export function isBehind(revisions: readonly string[], commit: string): boolean {
  if (revisions.length === 0) return false;
  return !revisions.includes(commit) || revisions.some((revision) => isCommit(revision) && revision !== commit);
}
