import { chmod, copyFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildArguments } from "../../../../../machine/go-build";
import { withLock } from "../../../../../machine/lock";
import type { ProcessRecord } from "../../../../../machine/processes";
import { goCommand } from "../build";
import { exists, lockOf, removeLeftovers, workDirectory } from "../cache";
import { StoppedError, ToolchainError } from "../errors";
import { stageModule } from "../generate";
import type { Host } from "../host";
import type { ReleaseEntry } from "./entry";
import { fetchRelease, type Fetched } from "./fetch";
import { manifestFile, type ReleaseManifest } from "./manifest";
import { Records } from "./records";

export interface InstallOptions {
  host: Host;
  signal?: AbortSignal;
  waiting: (holder: ProcessRecord) => void;
  /** bytes that are there, of those that are known to come */
  received: (bytes: number, all: number) => void;
}

/**
 * Makes a part of release files, unless another process has made it meanwhile.
 * @throws MissingRelease when a publisher lacks one of the files
 */
export async function installRelease(entry: ReleaseEntry, options: InstallOptions): Promise<void> {
  const { host, signal, waiting } = options;
  try {
    await withLock(lockOf(entry), { poll: host.lockPoll, waiting, signal }, async () => {
      if (!(await exists(entry.directory))) await install(entry, options);
    });
  } catch (error) {
    if (signal?.aborted) throw new StoppedError();
    throw error;
  }
}

async function install(entry: ReleaseEntry, options: InstallOptions): Promise<void> {
  const { host, signal } = options;
  const fetched = await fetchAll(entry, options);
  const directory = await workDirectory(entry);
  const part = join(directory, "part");
  try {
    for (const each of fetched) await place(each, directory, part, host);
    if (entry.standin !== undefined) await buildStandin(entry, directory, part, options);
    const files = fetched.map(({ file: { url, to }, digest }) => ({ program: to, url, sha256: digest }));
    await writeFile(join(part, manifestFile), `${JSON.stringify({ files } satisfies ReleaseManifest, null, 2)}\n`);
    signal?.throwIfAborted();
    await rename(part, entry.directory);
    for (const { path } of fetched) await rm(path, { force: true });
  } finally {
    await rm(directory, { recursive: true, force: true });
    await removeLeftovers(entry);
  }
}

/** All at once; what is wrong with any of them is told together. */
async function fetchAll({ files }: ReleaseEntry, { host, signal, received }: InstallOptions): Promise<Fetched[]> {
  const records = await Records.open(host);
  const sizes = new Map<string, [bytes: number, all: number]>();
  const note = (url: string, bytes: number, all = 0) => {
    sizes.set(url, [bytes, all]);
    const sum = (index: 0 | 1) => [...sizes.values()].reduce((total, size) => total + size[index], 0);
    received(sum(0), sum(1));
  };
  const results = await Promise.allSettled(
    files.map((file) => fetchRelease(file, { host, records, signal, received: note })),
  );
  const errors = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
  const other = errors.find((error) => !(error instanceof ToolchainError));
  if (other !== undefined) throw other as Error;
  if (errors.length > 0) throw new ToolchainError((errors as ToolchainError[]).flatMap(({ faults }) => faults));
  return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

async function place({ file, path }: Fetched, directory: string, part: string, host: Host): Promise<void> {
  const target = join(part, file.to);
  await mkdir(join(target, ".."), { recursive: true });
  if (file.member === undefined) await copyFile(path, target);
  else {
    const unpacked = join(directory, "unpacked");
    await mkdir(unpacked, { recursive: true });
    const { code, stderr, missing } = await host.run("tar", ["-xzf", path, "-C", unpacked, file.member], {
      env: host.env,
    });
    if (missing) throw new ToolchainError(["tar is not installed: release files are unpacked with it; install tar"]);
    if (code !== 0) throw new ToolchainError([`${file.url} has no ${file.member}: tar said: ${stderr.trim()}`]);
    await rename(join(unpacked, file.member), target);
  }
  await chmod(target, file.to.startsWith("bin/") ? 0o755 : 0o644);
}

/** Its few modules are fetched with it. */
async function buildStandin(
  { standin }: ReleaseEntry,
  directory: string,
  part: string,
  { host, signal }: InstallOptions,
): Promise<void> {
  if (standin === undefined) return;
  const scratch = join(directory, "tmp");
  await mkdir(scratch, { recursive: true });
  const module = await stageModule(standin, host.modules, join(directory, "src"));
  const go = goCommand("the redis of Argo CD", module, scratch, host, signal);
  await go(buildArguments(standin, join(part, standin.program)));
}
