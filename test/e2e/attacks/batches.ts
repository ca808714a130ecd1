import type { CommitAttempt } from "./attempt";
import { TouchedPaths } from "./tree";

/** An attempt that a cluster sees. */
export type Pushed = CommitAttempt & Required<Pick<CommitAttempt, "cluster">>;

/**
 * Attempts that can be in one commit, because they touch different files and none of them stops the others. Those that do not hold
 * yet come last: they may leave a cluster that nothing else can be tried on.
 */
export function batchesOf(attempts: readonly CommitAttempt[]): Pushed[][] {
  const pushed = attempts.filter((attempt): attempt is Pushed => attempt.cluster !== undefined);
  const alone = ({ cluster, open, change }: Pushed) => cluster.alone === true || isOpen(open) || Array.isArray(change);
  const shared: { together: string | undefined; paths: Set<string>; attempts: Pushed[] }[] = [];
  for (const attempt of pushed.filter((one) => !alone(one))) {
    const paths = touched(attempt);
    const { together } = attempt.cluster;
    const fits = (batch: (typeof shared)[number]) =>
      batch.together === together && (together !== undefined || paths.every((path) => !batch.paths.has(path)));
    const fitting = shared.find(fits);
    const batch = fitting ?? { together, paths: new Set(), attempts: [] };
    if (!fitting) shared.push(batch);
    for (const path of paths) batch.paths.add(path);
    batch.attempts.push(attempt);
  }
  const others = pushed.filter(alone).sort((a, b) => Number(isOpen(a.open)) - Number(isOpen(b.open)));
  return [...shared.map((batch) => batch.attempts), ...others.map((attempt) => [attempt])];
}

function isOpen(open: CommitAttempt["open"]): boolean {
  return open?.cluster !== undefined || open?.revert !== undefined;
}

/** Paths; the bootstrap chart counts as one with the files that it reads, because one object that is refused stops all of it. */
function touched({ change }: Pushed): string[] {
  const tree = new TouchedPaths();
  for (const step of [change].flat()) step(tree);
  return [
    ...new Set([...tree.paths].map((path) => (/^gitops\/(bootstrap|teams)\//.test(path) ? "gitops/bootstrap/" : path))),
  ];
}
