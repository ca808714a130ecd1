import { execFile, spawn } from "node:child_process";
import { UserError } from "../../model/errors";
import { count } from "../terminal/table";

/** A repository may name a program that Git starts whenever it looks at files; somebody else's repository must not. */
const quiet = ["-c", "core.fsmonitor=false"];

/** Runs Git in a directory and gives its output as bytes. */
export function git(root: string, args: readonly string[], input?: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", ["-C", root, ...quiet, ...args], {
      stdio: ["pipe", "pipe", "pipe"],
      env: plainEnvironment(),
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (data: Buffer) => out.push(data));
    child.stderr.on("data", (data: Buffer) => err.push(data));
    child.on("error", (error) =>
      reject(new UserError("Git is not installed; it is needed to read the tree", { cause: error })),
    );
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(out));
      else reject(new GitError(args, Buffer.concat(err).toString().trim()));
    });
    // Git may end before it has read everything; its exit code says why.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input ?? "");
  });
}

/** What a user's own settings of Git must not change: colours, pagers, other directories, replaced objects. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C", GIT_NO_REPLACE_OBJECTS: "1" };
  for (const name of ["GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE"])
    delete env[name];
  return env;
}

export class GitError extends Error {
  constructor(
    args: readonly string[],
    readonly said: string,
  ) {
    super(`git ${args[0]}: ${said}`);
    this.name = "GitError";
  }
}

/** What kind of repository a directory is in. */
export interface Repository {
  /** The directory whose tree is read: the root of the checkout, or the repository itself when it is bare. */
  root: string;
  bare: boolean;
  shallow: boolean;
  /** Full names of commits that Git has named in this run: nobody need ask for them again. */
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
      const reason = (error as GitError).said ?? "";
      if (/dubious ownership/.test(reason)) {
        throw new UserError(
          `Git refuses to read ${root}, which belongs to another user: run git config --global --add safe.directory ${root}`,
        );
      }
      throw new UserError(
        `${root} is no Git repository; plans compare commits: clone the repository, or run git init and commit`,
      );
    },
  );
  const [bare, shallow, prefix] = said.toString().split("\n");
  if (prefix) {
    throw new UserError(
      `the tree lies in ${prefix} of another Git repository; the paths in gitops/ start at the root of theirs: name that root with --tree`,
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
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`];
  const said = await git(repository.root, args).catch(() => undefined);
  if (said) return noted(repository, said);
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
  if (said) return noted(repository, said);
  if (repository.shallow) {
    const held = await Promise.all([a, b].map((name) => depth(repository, name)));
    throw new UserError(
      `this shallow clone does not reach back to what ${a} and ${b} have in common (it holds ${held.join(" and ")}); fetch more of the history: git fetch --unshallow (in GitHub Actions: fetch-depth: 0)`,
    );
  }
  throw new UserError(`${a} and ${b} have no commit in common: name the two commits to compare`);
}

function noted({ commits }: Repository, said: Buffer): string {
  const commit = said.toString().trim();
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
  // A head of the remote that names a branch which is not here is left out.
  const args = ["for-each-ref", "--format=%(refname) %(symref)", "refs/remotes/origin/HEAD", ...branches];
  const said = (await git(root, args).catch(() => "")).toString();
  const found = new Map(said.split("\n").map((line) => line.split(" ") as [string, string]));
  const ref = found.get("refs/remotes/origin/HEAD") || branches.find((branch) => found.has(branch));
  return ref?.replace(/^refs\/(remotes|heads)\//, "");
}

/** Whether Git is there at all. */
export function hasGit(): Promise<boolean> {
  return new Promise((resolve) => execFile("git", ["--version"], (error) => resolve(error === null)));
}
