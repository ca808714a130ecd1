import { findCommit, git, GitError } from "../../machine/git";
import { UserError } from "../../model/errors";
import { count } from "../terminal/table";

/** What kind of repository a directory is in. */
export interface Repository {
  /** The directory whose tree is read: the root of the checkout, or the repository itself when it is bare. */
  root: string;
  bare: boolean;
  shallow: boolean;
  /** Full names of commits that Git has resolved in this run, so that they are not looked up again. */
  commits: Set<string>;
}

/**
 * Finds the repository of a directory.
 * @throws UserError when there is none, or the directory is not its root
 */
export async function findRepository(root: string): Promise<Repository> {
  const said = await git(root, ["rev-parse", "--is-bare-repository", "--is-shallow-repository", "--show-prefix"]).catch(
    (error: unknown) => {
      if (error instanceof UserError) throw error;
      const reason = error instanceof GitError ? error.reason : "";
      if (/dubious ownership/.test(reason)) {
        throw new UserError(
          `Git refuses to read ${root}, which belongs to another user: run git config --global --add safe.directory ${root}`,
        );
      }
      throw new UserError(
        `${root} is not a Git repository; plans compare commits: clone the repository, or run git init and commit`,
      );
    },
  );
  const [bare, shallow, prefix] = said.toString().split("\n");
  if (prefix) {
    throw new UserError(
      `the tree lies in ${prefix} of another Git repository; the paths in gitops/ start at the root of that repository: name that root with --tree`,
    );
  }
  return { root, bare: bare === "true", shallow: shallow === "true", commits: new Set() };
}

/**
 * The commit that a revision names.
 * @throws UserError with what to do when there is no such commit
 */
export async function commitOf(repository: Repository, revision: string): Promise<string> {
  if (repository.commits.has(revision)) return revision;
  const commit = await findCommit(repository.root, revision);
  if (commit !== undefined) return noted(repository, commit);
  if (repository.shallow) {
    throw new UserError(
      `"${revision}" is not in this shallow clone; fetch more of the history: git fetch --unshallow (in GitHub Actions: fetch-depth: 0)`,
    );
  }
  throw new UserError(`"${revision}" names no commit of this repository; look at git branch --all, or fetch it first`);
}

/**
 * The newest commit that two commits have in common.
 * @throws UserError when there is none, or a shallow clone does not reach back to it
 */
export async function mergeBase(repository: Repository, a: string, b: string): Promise<string> {
  const said = await git(repository.root, ["merge-base", "--end-of-options", a, b]).catch(() => undefined);
  if (said) return noted(repository, said.toString().trim());
  if (repository.shallow) {
    const held = await Promise.all([a, b].map((name) => depth(repository, name)));
    throw new UserError(
      `this shallow clone does not reach back to what ${a} and ${b} have in common (it holds ${held.join(" and ")}); fetch more of the history: git fetch --unshallow (in GitHub Actions: fetch-depth: 0)`,
    );
  }
  throw new UserError(`${a} and ${b} have no commit in common: name the two commits to compare`);
}

function noted({ commits }: Repository, commit: string): string {
  commits.add(commit);
  return commit;
}

/** `3 commits of main` */
async function depth({ root }: Repository, revision: string): Promise<string> {
  const said = await git(root, ["rev-list", "--count", "--end-of-options", revision]).catch(() => "0");
  return `${count(Number(said.toString()), "commit")} of ${revision}`;
}

/** The branch that work is merged into: what the remote calls its head, or main or master; undefined when none is there. */
export async function mainBranch({ root }: Repository): Promise<string | undefined> {
  const branches = ["refs/remotes/origin/main", "refs/remotes/origin/master", "refs/heads/main", "refs/heads/master"];
  // The remote's head is left out when its branch is missing here.
  const args = ["for-each-ref", "--format=%(refname) %(symref)", "refs/remotes/origin/HEAD", ...branches];
  const said = (await git(root, args).catch(() => "")).toString();
  const found = new Map(said.split("\n").map((line) => line.split(" ") as [string, string]));
  const ref = found.get("refs/remotes/origin/HEAD") || branches.find((branch) => found.has(branch));
  return ref?.replace(/^refs\/(remotes|heads)\//, "");
}
