import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { withLock } from "../../../../machine/lock";
import type { ProcessRecord } from "../../../../machine/processes";
import { exists, removeLeftovers, workDirectory, type Entry } from "./cache";
import { StoppedError, ToolchainError } from "./errors";
import { generators, stageModules, type Stage } from "./generate";
import { buildArguments, goEnvironment, goFailure } from "./go";
import { toolchainCache, type Host } from "./host";
import type { Target } from "./parts";

export interface BuildOptions {
  host: Host;
  signal?: AbortSignal;
  /** another build of the same part, perhaps of another clone, has to end first */
  waiting: (holder: ProcessRecord) => void;
  /** the wait, if there was one, is over */
  started: () => void;
}

/** Makes one entry of the cache, unless another build has made it meanwhile. */
export async function buildEntry(entry: Entry, options: BuildOptions): Promise<void> {
  const { host, signal } = options;
  const lock = join(toolchainCache(host.env), `${entry.target.name}-${entry.hash}.lock`);
  try {
    await withLock(lock, { poll: host.lockPoll, waiting: options.waiting, signal }, async () => {
      if (await exists(entry.directory)) return;
      options.started();
      await build(entry, host, signal);
    });
  } catch (error) {
    if (signal?.aborted) throw new StoppedError();
    throw diskFull(error) ? new ToolchainError([noRoom(entry)]) : error;
  }
}

async function build(entry: Entry, host: Host, signal?: AbortSignal): Promise<void> {
  const { target } = entry;
  const directory = await workDirectory(entry);
  try {
    const output = join(directory, "part");
    const module = await stageModules(target, host.modules, join(directory, "src"));
    const scratch = join(directory, "tmp");
    await mkdir(join(output, "bin"), { recursive: true });
    await mkdir(scratch);
    const stage: Stage = { target, module, output, ...commands(target, module, scratch, host, signal) };
    await generators[target.part]?.(stage);
    for (const step of target.builds) await stage.go(buildArguments(step, join(output, "bin", step.output)));
    signal?.throwIfAborted();
    // Only a complete part ever gets the final name.
    await rename(output, entry.directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
    await removeLeftovers(entry);
  }
}

function commands(
  target: Target,
  cwd: string,
  scratch: string,
  host: Host,
  signal?: AbortSignal,
): Pick<Stage, "go" | "command"> {
  const start = async (command: string, args: string[]) => {
    // The linker writes hundreds of megabytes; /tmp is often a small file system in memory.
    const env = { ...goEnvironment(host.env), GOTMPDIR: scratch };
    const result = await host.run(command, args, { cwd, env, signal, background: true });
    if (signal?.aborted) throw new StoppedError();
    return result;
  };
  return {
    go: async (args) => {
      const result = await start("go", args);
      // `go mod download -json` reports on stdout.
      const words = result.stderr.trim() || result.stdout;
      if (result.code !== 0) throw new ToolchainError([goFailure(target, words, result.code)]);
      return result.stdout;
    },
    command: async (path, args) => {
      const result = await start(path, args);
      if (result.code === 0) return;
      const said = (result.stderr.trim() || result.stdout.trim()).split("\n").slice(-5).join("\n    ");
      throw new ToolchainError([`${target.name} cannot be built: its generator failed; it said:\n    ${said}`]);
    },
  };
}

function diskFull(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code === "ENOSPC" || code === "EDQUOT";
}

function noRoom(entry: Entry): string {
  return (
    `${entry.target.name} cannot be built: the disk of ${join(entry.directory, "..")} is full; make room there, or set ` +
    `ONEBRANCH_CACHE to a directory on another disk, and run the same command again`
  );
}
