import { UserError } from "../model/errors";
import {
  placesQuestion,
  readOwnSettings,
  readPlaces,
  settingsQuestion,
  withStandIn,
  type GitPlaces,
  type GitSetting,
} from "./git-guard";
import { runForBytes } from "./run";

/**
 * Switched off, wherever it is set: the program that Git starts when it looks at files, hooks, and what a fetch starts at its end.
 */
const quiet = ["core.fsmonitor=false", "core.hooksPath=/dev/null", "gc.auto=0", "maintenance.auto=false"].flatMap(
  (setting) => ["-c", setting],
);

/** The protocols that start no program. With another one, the address of a remote may name the program that Git starts. */
const protocols = "file:git:http:https:ssh";

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
 * Runs Git in a directory and gives its output as bytes. Everything in onebranch that needs Git calls this: the settings in a
 * checkout may name programs, and we read checkouts of other people. The settings of the user and of the machine hold as always.
 * @param index an index file other than the checkout's
 * @throws GitError when Git fails, UserError when it is not installed
 */
export async function git(root: string, args: readonly string[], input?: string, index?: string): Promise<Buffer> {
  const { places, settings } = await repositoryAt(root);
  const own = index === undefined ? {} : { GIT_INDEX_FILE: index };
  return withStandIn(places, settings, (env) => start(root, args, { ...plainEnvironment(), ...env, ...own }, input));
}

/** Where Git finds the parts of the repository at a directory. */
export async function gitPlaces(root: string): Promise<GitPlaces> {
  return (await repositoryAt(root)).places;
}

interface KnownRepository {
  places: GitPlaces;
  settings: GitSetting[];
}

const known = new Map<string, Promise<KnownRepository>>();

function repositoryAt(root: string): Promise<KnownRepository> {
  const asked = known.get(root) ?? askFor(root);
  known.set(root, asked);
  asked.catch(() => known.delete(root));
  return asked;
}

/** Git starts nothing to answer these two questions. */
async function askFor(root: string): Promise<KnownRepository> {
  const ask = async (question: readonly string[]) => (await start(root, question, plainEnvironment())).toString();
  const [places, settings] = await Promise.all([ask(placesQuestion), ask(settingsQuestion)]);
  return { places: readPlaces(root, places), settings: readOwnSettings(settings) };
}

async function start(root: string, args: readonly string[], env: NodeJS.ProcessEnv, input?: string): Promise<Buffer> {
  const options = { env, ...(input !== undefined && { input }) };
  const { code, stdout, stderr, missing } = await runForBytes("git", ["-C", root, ...quiet, ...args], options);
  if (missing) throw new UserError("Git is not installed; it is needed to read the tree");
  if (code !== 0) throw new GitError(args, stderr.trim());
  return stdout;
}

/**
 * The environment without the user's own Git settings: colours, pagers, other directories and replaced objects must not change the
 * output.
 */
function plainEnvironment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    GIT_ALLOW_PROTOCOL: protocols,
    ...process.env,
    GIT_OPTIONAL_LOCKS: "0",
    LC_ALL: "C",
    GIT_NO_REPLACE_OBJECTS: "1",
  };
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

/** Seconds after which a repository that gives no answer counts as one that cannot be reached. */
const remoteSeconds = 5;

/**
 * The commit that a branch or tag of a repository elsewhere names now; undefined when it does not answer, or only to a password.
 */
export async function findRemoteCommit(url: string, revision: string): Promise<string | undefined> {
  if (/^[0-9a-f]{40}$/.test(revision)) return revision;
  const names = [`refs/heads/${revision}`, `refs/tags/${revision}^{}`, `refs/tags/${revision}`, revision];
  const env = { ...plainEnvironment(), GIT_TERMINAL_PROMPT: "0", GIT_SSH_COMMAND: "ssh -oBatchMode=yes" };
  // Not inside a repository, whose settings might send it elsewhere.
  const options = { cwd: "/", env, silenceSeconds: remoteSeconds };
  const { code, stdout } = await runForBytes("git", [...quiet, "ls-remote", "--quiet", "--", url, ...names], options);
  if (code !== 0) return undefined;
  const lines = stdout.toString().split("\n");
  const commits = new Map(lines.map((line) => line.split("\t").reverse() as [string, string]));
  return names.map((name) => commits.get(name)).find((commit) => commit !== undefined);
}
