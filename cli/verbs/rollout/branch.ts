import { join } from "node:path";
import { findCommit, git, GitError, gitPlaces } from "../../../machine/git";
import { withLock } from "../../../machine/lock";
import { failure } from "../../terminal/fail";
import { count } from "../../terminal/table";
import { commitObject, moveTo } from "../../tree/commit";
import type { EditedFile } from "../../tree/edit";

/** The branch that a rollout commits to, in this repository alone or in the one that it was cloned from. */
export interface Branch {
  root: string;
  name: string;
  /** The remote that every commit is pushed to; undefined: none is pushed. */
  remote?: string;
}

/**
 * The branch of the checkout.
 * @throws UserError when there is none, or it has no such remote
 */
export async function branchOf(root: string, push: boolean): Promise<Branch> {
  const said = await git(root, ["symbolic-ref", "--quiet", "--short", "HEAD"]).catch(() => undefined);
  if (said === undefined)
    throw failure("HEAD is not on a branch; check out the branch that the clusters follow: git switch BRANCH");
  const name = said.toString().trim();
  if (!push) return { root, name };
  const remotes = (await git(root, ["remote"])).toString().split("\n").filter(Boolean);
  const remote = remotes.length === 1 ? remotes[0]! : "origin";
  if (!remotes.includes(remote))
    throw failure(`this repository has no remote ${remote} to push to; add it (git remote add), or leave out --push`);
  return { root, name, remote };
}

/**
 * Holds a rollout of one component in one stage to one process of this repository.
 * @throws UserError when another one is at it
 */
export async function alone<T>(root: string, component: string, stage: string, work: () => Promise<T>): Promise<T> {
  const { commonDirectory } = await gitPlaces(root);
  const waiting = ({ pid }: { pid: number }) => {
    throw failure(
      `another onebranch (process ${pid}) is rolling ${component} out to ${stage} in this repository; it goes on, and this one changes nothing: wait for it, or end it`,
    );
  };
  return withLock(join(commonDirectory, `onebranch-rollout-${component}-${stage}.lock`), { poll: 100, waiting }, work);
}

/**
 * Brings the checkout to what the remote has.
 * @throws UserError when it has commits that the remote lacks
 */
export async function catchUp({ root, name, remote }: Branch): Promise<void> {
  if (remote === undefined) return;
  const theirs = await fetched({ root, name, remote });
  const ahead = Number((await git(root, ["rev-list", "--count", `${theirs}..HEAD`])).toString());
  if (ahead > 0) {
    const has = ahead === 1 ? "has" : "have";
    throw failure(
      `${count(ahead, "commit")} of ${name} ${has} not been pushed to ${remote}, and a rollout pushes nothing but its own: push or drop them first`,
    );
  }
  await moveTo(root, theirs).catch((error: unknown) => {
    throw failure(`${name} cannot be brought to what ${remote} has: ${reasonOf(error)}`, error);
  });
}

/** A push that the remote refused because somebody else was there first. */
export class Overtaken extends Error {}

/**
 * Makes a commit on top of HEAD the newest one of the branch. With a remote the push decides: a process that is killed before it has
 * changed nothing, and one that is killed after it finds the commit when it catches up.
 * @throws Overtaken when somebody else has pushed, or committed, in between
 */
export async function land(branch: Branch, edits: readonly EditedFile[], message: string): Promise<string> {
  const { root, name, remote } = branch;
  const parent = (await findCommit(root, "HEAD"))!;
  const id = await commitObject(root, parent, edits, message);
  if (remote !== undefined) {
    // With a lease on the parent, so that a branch that somebody has moved back is refused too.
    const lease = `--force-with-lease=refs/heads/${name}:${parent}`;
    await git(root, ["push", "--quiet", lease, remote, `${id}:refs/heads/${name}`]).catch((error: unknown) => {
      if (/\[rejected\]|stale info|cannot lock ref|failed to (lock|update) ref/i.test(reasonOf(error)))
        throw new Overtaken();
      throw failure(`${remote} takes no push to ${name}, and nothing was changed: ${reasonOf(error)}`, error);
    });
  }
  await moveTo(root, id).catch(async (error: unknown) => {
    if (remote === undefined && (await findCommit(root, "HEAD")) !== parent) throw new Overtaken();
    const pushed =
      remote === undefined ? "nothing was changed" : `the commit is pushed, and this checkout is behind it`;
    throw failure(`${pushed}: ${reasonOf(error)}`, error);
  });
  return id;
}

async function fetched({ root, name, remote }: Required<Branch>): Promise<string> {
  const ref = `refs/remotes/${remote}/${name}`;
  await git(root, ["fetch", "--quiet", "--no-tags", remote, `+refs/heads/${name}:${ref}`]).catch((error: unknown) => {
    throw failure(`${remote} does not give ${name}: ${reasonOf(error)}`, error);
  });
  return (await findCommit(root, ref))!;
}

function reasonOf(error: unknown): string {
  return error instanceof GitError ? error.reason : error instanceof Error ? error.message : String(error);
}
