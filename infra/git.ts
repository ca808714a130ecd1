import { relative } from "node:path";
import { git, gitPlaces } from "../machine/git";
import { UserError } from "../model/errors";

/** What the program has to know about the checkout that a cluster follows. */
export interface GitInfo {
  /** Branch that is checked out; `HEAD` when detached. */
  branch: string;
  /** Commit that is checked out. */
  head: string;
  /** Paths with changes that are not committed: Argo CD does not see them. */
  dirty: readonly string[];
  /** Address of the remote `origin`, as Git has it. */
  origin?: string;
  /** The directory with the objects, when it lies outside the checkout (a linked worktree): a mount of the checkout lacks it. */
  outsideGitDir?: string;
}

/**
 * Reads branch, commit, changes and remote of the checkout at `root`.
 * @throws UserError when `root` is not a checkout of its own, has no commit, or Git is missing.
 */
export async function readGit(root: string): Promise<GitInfo> {
  const ask = async (...args: string[]) => (await git(root, args)).toString().replace(/\n$/, "");
  const attempt = (...args: string[]) => ask(...args).catch(() => undefined);
  const prefix = await attempt("rev-parse", "--show-prefix");
  if (prefix === undefined) {
    throw new UserError(
      `${root} is not a Git checkout, or Git is not installed; Argo CD follows commits: clone the repository, or run \`git init\` and commit`,
    );
  }
  if (prefix !== "") {
    throw new UserError(
      `the tree lies in ${prefix} of another Git repository; the paths in gitops/ start at the root of theirs: make it a repository of its own`,
    );
  }
  const [head, origin, { commonDirectory }, branch, status] = await Promise.all([
    attempt("rev-parse", "--verify", "--quiet", "HEAD"),
    attempt("remote", "get-url", "origin"),
    gitPlaces(root),
    attempt("symbolic-ref", "--quiet", "--short", "HEAD"),
    // Git would look for changes inside submodules with the settings of each.
    ask("status", "--porcelain=v1", "-z", "--untracked-files=all", "--ignore-submodules=dirty"),
  ]);
  if (head === undefined) {
    throw new UserError(`the checkout has no commit yet; Argo CD follows commits: commit the tree first`);
  }
  const outside = relative(root, commonDirectory).startsWith("..");
  return {
    branch: branch ?? "HEAD",
    head,
    dirty: dirtyPaths(status),
    ...(origin && { origin }),
    ...(outside && { outsideGitDir: commonDirectory }),
  };
}

/** The paths of `git status --porcelain=v1 -z`; of a rename the new one. */
export function dirtyPaths(status: string): string[] {
  const entries = status.split("\0").filter((entry) => entry !== "");
  const paths: string[] = [];
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i] ?? "";
    paths.push(entry.slice(3));
    if (/^[RC]|^.[RC]/.test(entry)) i++;
  }
  return paths;
}

/**
 * The https address of a remote that Argo CD can read without the developer's ssh key; `undefined` when there is none.
 * An address with credentials loses them: they would end in the cluster's state.
 */
export function httpsAddress(remote: string): string | undefined {
  const scp = /^(?:[^@/:]+@)?([^/:]+):(?!\/\/)(.+)$/.exec(remote);
  if (scp && !/^[a-z]:/i.test(remote)) return `https://${scp[1]}/${scp[2]?.replace(/^\/+/, "")}`;
  const url = /^(?:https|ssh|git):\/\/(?:[^@/]+@)?([^/:]+)(?::(\d+))?\/(.+)$/.exec(remote);
  if (!url) return undefined;
  const port = remote.startsWith("https://") && url[2] ? `:${url[2]}` : "";
  return `https://${url[1]}${port}/${url[3]}`;
}
