import { stat, statfs } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { run, type Run } from "./run";

/** Everything the build takes from the machine it runs on; tests replace single entries. */
export interface Host {
  env: NodeJS.ProcessEnv;
  /** the Go modules */
  modules: string;
  /** the package.json whose @pulumi/* versions say which plugins are needed */
  packageFile: string;
  run: Run;
  /** free bytes of the file system a directory is on, and that file system's identity */
  freeSpace: (directory: string) => Promise<{ bytes: number; device: number }>;
  /** milliseconds between two signs of life */
  heartbeat: number;
  /** milliseconds between two looks at a lock that another build holds */
  lockPoll: number;
}

export function defaultHost(env: NodeJS.ProcessEnv = process.env): Host {
  return {
    env,
    modules: join(__dirname, "modules"),
    packageFile: join(__dirname, "..", "..", "..", "..", "package.json"),
    run,
    freeSpace: async (directory) => {
      const [space, entry] = await Promise.all([statfs(directory), stat(directory)]);
      return { bytes: space.bavail * space.bsize, device: entry.dev };
    },
    heartbeat: 1000,
    lockPoll: 500,
  };
}

/** The user's cache, shared by all clones on the machine. */
export function cacheRoot(env: NodeJS.ProcessEnv): string {
  const root = env.ONEBRANCH_CACHE || join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "onebranch");
  return join(root, "toolchain");
}
