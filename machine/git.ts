import { UserError } from "../model/errors";
import { runForBytes } from "./run";

/** A repository's settings may name a program that Git starts whenever it looks at files. We read other people's repositories, so it is off. */
const quiet = ["-c", "core.fsmonitor=false"];

/** Git ended with an error. */
export class GitError extends Error {
  constructor(
    args: readonly string[],
    readonly reason: string,
  ) {
    super(`git ${args[0]}: ${reason}`);
    this.name = "GitError";
  }
}

/**
 * Runs Git in a directory and gives its output as bytes. Everything in onebranch that needs Git calls this.
 * @throws GitError when Git fails, UserError when it is not installed
 */
export async function git(root: string, args: readonly string[], input?: string): Promise<Buffer> {
  const options = { env: plainEnvironment(), ...(input !== undefined && { input }) };
  const { code, stdout, stderr, missing } = await runForBytes("git", ["-C", root, ...quiet, ...args], options);
  if (missing) throw new UserError("Git is not installed; it is needed to read the tree");
  if (code !== 0) throw new GitError(args, stderr.trim());
  return stdout;
}

/** The environment without the user's own Git settings: colours, pagers, other directories and replaced objects must not change the output. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C", GIT_NO_REPLACE_OBJECTS: "1" };
  for (const name of ["GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE"])
    delete env[name];
  return env;
}

/** The commit that a revision of the checkout at `root` names now; undefined when it names none. */
export async function findCommit(root: string, revision: string): Promise<string | undefined> {
  try {
    const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`];
    return (await git(root, args)).toString().trim();
  } catch {
    return undefined;
  }
}
