import { mkdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  buildArguments,
  compileArguments,
  goEnvironment,
  packagesOf,
  staleArguments,
} from "../../../../machine/go-build";
import { kubernetesModules, kubernetesReleases } from "../../../../machine/kubernetes-modules";
import { withLock } from "../../../../machine/lock";
import type { ProcessRecord } from "../../../../machine/processes";
import { removeOldRenderers, rendererEntry } from "../../../../machine/renderer";
import { exists, lockOf, removeLeftovers, workDirectory, type Entry } from "./cache";
import { StoppedError, ToolchainError } from "./errors";
import { generators, patchModules, stageModule, type Go, type Stage } from "./generate";
import { goFailure } from "./go";
import type { Host } from "./host";
import { sideBySide } from "./side-by-side";
import { inTurns, type Turn } from "./turns";

/** How a build goes. */
export interface BuildWatch {
  /** another build of the same part, perhaps of another clone, has to end first */
  waiting(entry: Entry, holder: ProcessRecord): void;
  /** these are built now; the others were made meanwhile */
  began(entries: readonly Entry[]): void;
  /** so many packages were compiled */
  compiled(packages: number): void;
  /** all are counted: so many are still to be compiled */
  counted(packages: number): void;
  /** its turn has come; the one before may still be linked */
  started(entry: Entry): void;
  finished(entry: Entry): void;
}

export interface BuildOptions {
  host: Host;
  signal?: AbortSignal;
  watch: BuildWatch;
}

/** Makes entries of the cache, each in its turn, except those that another build has made meanwhile. */
export async function buildEntries(entries: readonly Entry[], options: BuildOptions): Promise<void> {
  try {
    await locked(entries, options, () => buildMissing(entries, options));
  } catch (error) {
    if (options.signal?.aborted) throw new StoppedError();
    throw error;
  }
}

/** All builds take their locks in the order of the parts, so no two of them wait for each other. */
async function locked(entries: readonly Entry[], options: BuildOptions, work: () => Promise<void>): Promise<void> {
  const [first, ...rest] = entries;
  if (first === undefined) return work();
  const { host, signal, watch } = options;
  const waiting = (holder: ProcessRecord) => watch.waiting(first, holder);
  await withLock(lockOf(first), { poll: host.lockPoll, waiting, signal }, () => locked(rest, options, work));
}

/** An entry under construction. */
interface Draft extends Stage {
  entry: Entry;
  directory: string;
}

async function buildMissing(entries: readonly Entry[], options: BuildOptions): Promise<void> {
  const { host, watch } = options;
  const there = await Promise.all(entries.map(({ directory }) => exists(directory)));
  const missing = entries.filter((_, i) => !there[i]);
  watch.began(missing);
  const drafts: Draft[] = [];
  try {
    for (const entry of missing) await onDisk(entry, async () => drafts.push(await draft(entry, options)));
    await fetch(drafts, host, watch);
    for (const each of drafts) await onDisk(each.entry, () => complete(each, host));
    const turns: Turn[] = [];
    for (const each of drafts) {
      turns.push({
        lacks: packagesOf(await each.go(staleArguments(each.target))),
        work: (stop, compiles) => compile(each, options, stop, compiles),
      });
    }
    watch.counted(new Set(turns.flatMap(({ lacks }) => lacks)).size);
    await inTurns(turns);
    if (missing.some(isRenderer)) await removeOldRenderers(rendererEntry(host.env, host.renderer));
  } finally {
    for (const { directory } of drafts) await rm(directory, { recursive: true, force: true });
    for (const entry of missing) await removeLeftovers(entry);
  }
}

const isRenderer = ({ target }: Entry) => target.part === "renderer";

async function draft(entry: Entry, { host, signal }: BuildOptions): Promise<Draft> {
  const { target } = entry;
  const directory = await workDirectory(entry);
  const output = join(directory, "part");
  const scratch = join(directory, "tmp");
  const module = isRenderer(entry) ? host.renderer : await stageModule(target, host.modules, join(directory, "src"));
  await mkdir(join(output, target.program, ".."), { recursive: true });
  await mkdir(scratch);
  return { entry, directory, output, target, module, go: goCommand(target.part, module, scratch, host, signal) };
}

/** The network is busy with one, the processors with the other. */
async function fetch(drafts: readonly Draft[], host: Host, watch: BuildWatch): Promise<void> {
  const [first] = drafts;
  if (first === undefined) return;
  const renderer = drafts.find(({ entry }) => isRenderer(entry));
  const modules = [drafts.find((one) => one !== renderer), renderer].filter((one) => one !== undefined);
  await sideBySide([
    async (signal) => {
      for (const { go } of modules) await go(["mod", "download"], { signal });
      if (renderer !== undefined) await fetchKubernetes(host, signal);
    },
    async (signal) => {
      await first.go(compileArguments("std"), { signal, onErrors: (text) => watch.compiled(packagesOf(text).length) });
    },
  ]);
}

/** What `check` knows Kubernetes by. Without it that check alone is left out, and says so. */
async function fetchKubernetes(host: Host, signal: AbortSignal): Promise<void> {
  const modules = Object.values(kubernetesReleases).flatMap((release) => Object.values(kubernetesModules(release)));
  const env = { ...goEnvironment(host.env), GOFLAGS: "-mod=mod" };
  await host.run("go", ["mod", "download", ...modules], { cwd: tmpdir(), env, signal, background: true });
}

async function complete(stage: Draft, host: Host): Promise<void> {
  const { part, patches } = stage.target;
  await generators[part]?.(stage);
  if (patches.length > 0) await patchModules(stage, host.modules);
}

/** Until the part is whole and has its name. */
async function compile(
  { entry, target, output, go }: Draft,
  { signal, watch }: BuildOptions,
  stop: AbortSignal,
  compiles: (path: string) => void,
): Promise<void> {
  watch.started(entry);
  await onDisk(entry, () =>
    go(buildArguments(target, join(output, target.program)), {
      signal: stop,
      onErrors(text) {
        const packages = packagesOf(text);
        watch.compiled(packages.length);
        packages.forEach(compiles);
      },
    }),
  );
  signal?.throwIfAborted();
  // Only a complete part ever gets the final name.
  await rename(output, entry.directory);
  watch.finished(entry);
}

/** Runs Go for a part. @param scratch where it may write what it needs meanwhile */
export function goCommand(part: string, cwd: string, scratch: string, host: Host, whole?: AbortSignal): Go {
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

async function onDisk(entry: Entry, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw diskFull(error) ? new ToolchainError([noRoom(entry)]) : error;
  }
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
