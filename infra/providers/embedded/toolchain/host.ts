import { stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { cacheRoot } from "../../../../machine/cache.cjs";
import { rendererSources } from "../../../../machine/renderer";
import { run, type Run } from "../../../../machine/run";
import { sourceRoot } from "../../../../model/source-root";

/** Everything the build takes from the machine it runs on; tests replace single entries. */
export interface Host {
  env: NodeJS.ProcessEnv;
  /** the Go module of all parts but the renderer */
  modules: string;
  /** the renderer's */
  renderer: string;
  /** the package.json whose @pulumi/* versions say which plugins are needed */
  packageFile: string;
  /** the pinned digests of release files */
  digests: string;
  /** as Node names them */
  platform: string;
  arch: string;
  run: Run;
  /** free bytes of the file system a directory is on, and that file system's identity */
  freeSpace: (directory: string) => Promise<{ bytes: number; device: number }>;
  /** milliseconds between two signs of life */
  heartbeat: number;
  /** milliseconds between two looks at a lock that another build holds, and between two tries of a download */
  lockPoll: number;
  /** milliseconds after which a server counts as out of reach */
  probe: number;
  /** milliseconds without a byte after which a download is tried again */
  silence: number;
}

export function defaultHost(env: NodeJS.ProcessEnv = process.env): Host {
  const toolchain = join(sourceRoot, "infra", "providers", "embedded", "toolchain");
  return {
    env,
    modules: join(toolchain, "modules"),
    digests: join(toolchain, "release", "digests.json"),
    platform: process.platform,
    arch: process.arch,
    renderer: rendererSources,
    packageFile: join(sourceRoot, "package.json"),
    // A group of its own: `go` starts compilers, and stopping a build must stop all of them.
    run: (command, args, options) => run(command, args, { ...options, group: true }),
    freeSpace: async (directory) => {
      const [space, entry] = await Promise.all([statfs(directory), stat(directory)]);
      return { bytes: space.bavail * space.bsize, device: entry.dev };
    },
    heartbeat: 1000,
    lockPoll: 500,
    probe: 2000,
    silence: 30_000,
  };
}

/** Where everything that was built is kept. */
export function toolchainCache(env: NodeJS.ProcessEnv): string {
  return join(cacheRoot(env), "toolchain");
}
