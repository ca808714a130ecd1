import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { withLock } from "../../../../machine/lock";
import type { ProcessRecord } from "../../../../machine/processes";
import { exists, removeLeftovers, workDirectory, type Entry } from "./cache";
import { StoppedError, ToolchainError } from "./errors";
import { generators, patchModules, stageModule, type Go, type Stage } from "./generate";
import { buildArguments, goEnvironment, goFailure, staleArguments, standardLibrary } from "./go";
import { toolchainCache, type Host } from "./host";

export interface BuildOptions {
  host: Host;
  signal?: AbortSignal;
  /** another build of the same part, perhaps of another clone, has to end first */
  waiting: (holder: ProcessRecord) => void;
  /** the wait, if there was one, is over */
  started: () => void;
  /** so many of so many packages are compiled */
  compiled: (packages: number, all: number) => void;
}

/** Makes one entry of the cache, unless another build has made it meanwhile. */
export async function buildEntry(entry: Entry, options: BuildOptions): Promise<void> {
  const { host, signal } = options;
  const lock = join(toolchainCache(host.env), `${entry.target.part}-${entry.hash}.lock`);
  try {
    await withLock(lock, { poll: host.lockPoll, waiting: options.waiting, signal }, async () => {
      if (await exists(entry.directory)) return;
      options.started();
      await build(entry, options);
    });
  } catch (error) {
    if (signal?.aborted) throw new StoppedError();
    throw diskFull(error) ? new ToolchainError([noRoom(entry)]) : error;
  }
}

async function build(entry: Entry, options: BuildOptions): Promise<void> {
  const { host, signal } = options;
  const { target } = entry;
  const directory = await workDirectory(entry);
  try {
    const output = join(directory, "part");
    const module = await stageModule(target, host.modules, join(directory, "src"));
    const scratch = join(directory, "tmp");
    await mkdir(join(output, "bin"), { recursive: true });
    await mkdir(scratch);
    const go = goCommand(target.part, module, scratch, host, signal);
    // The network is busy with one, the processors with the other.
    await sideBySide(go, ["mod", "download"], standardLibrary);
    const stage = { target, module, output, go };
    await generators[target.part]?.(stage);
    await patchModules(stage, host.modules);
    await compile(stage, options.compiled);
    signal?.throwIfAborted();
    // Only a complete part ever gets the final name.
    await rename(output, entry.directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
    await removeLeftovers(entry);
  }
}

async function compile({ target, output, go }: Stage, compiled: BuildOptions["compiled"]): Promise<void> {
  const lines = (text: string) => text.split("\n").length - 1;
  const all = lines(await go(staleArguments(target)));
  let packages = 0;
  await go(buildArguments(target, join(output, "bin", target.part)), {
    onErrors: (text) => compiled((packages += lines(text)), all),
  });
}

/** When one fails, the other one ends before the error is known: what both work in is removed then. */
async function sideBySide(go: Go, ...commands: string[][]): Promise<void> {
  const stop = new AbortController();
  let failure: unknown;
  const run = (args: string[]) =>
    go(args, { signal: stop.signal }).catch((error: unknown) => {
      failure ??= error;
      stop.abort();
    });
  await Promise.all(commands.map(run));
  if (failure !== undefined) throw failure as Error;
}

function goCommand(part: string, cwd: string, scratch: string, host: Host, whole?: AbortSignal): Go {
  return async (args, { signal: own, onErrors } = {}) => {
    const signal = AbortSignal.any([whole, own].filter((each) => each !== undefined));
    // The linker writes hundreds of megabytes; /tmp is often a small file system in memory.
    const env = { ...goEnvironment(host.env), GOTMPDIR: scratch };
    const { code, stdout, stderr } = await host.run("go", args, { cwd, env, signal, onErrors, background: true });
    if (signal.aborted) throw new StoppedError();
    // `go mod download -json` reports on stdout.
    if (code !== 0) throw new ToolchainError([goFailure(part, stderr.trim() || stdout, code)]);
    return stdout;
  };
}

function diskFull(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code === "ENOSPC" || code === "EDQUOT";
}

function noRoom(entry: Entry): string {
  return (
    `${entry.target.part} cannot be built: the disk of ${join(entry.directory, "..")} is full; make room there, or set ` +
    `ONEBRANCH_CACHE to a directory on another disk, and run the same command again`
  );
}
