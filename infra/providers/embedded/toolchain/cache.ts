import { createHash } from "node:crypto";
import { access, mkdir, readdir, rename, rm, symlink } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { rendererEntry } from "../../../../machine/renderer";
import { contentHash } from "./hash";
import { toolchainCache, type Host } from "./host";
import { rendererTarget, target, type Part, type Target } from "./parts";

/** Where one part lies, or will lie. A directory of that name is always complete. */
export interface Entry {
  target: Target;
  directory: string;
  hash: string;
}

export async function entryOf(part: Part, host: Host): Promise<Entry> {
  if (part === "renderer") {
    const entry = rendererEntry(host.env, host.renderer);
    return { target: rendererTarget(entry), hash: entry.hash, directory: entry.directory };
  }
  const hash = await contentHash(target(part), host.modules);
  return { target: target(part), hash, directory: join(toolchainCache(host.env), `${part}-${hash}`) };
}

/** Only the holder of this lock builds the entry. */
export function lockOf({ directory }: Entry): string {
  return `${directory}.lock`;
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** A directory to build in, beside the final one, so that a rename completes it. What a killed build left is removed first. */
export async function workDirectory(entry: Entry): Promise<string> {
  await removeLeftovers(entry);
  const directory = `${entry.directory}.tmp-${process.pid}`;
  await mkdir(directory, { recursive: true });
  return directory;
}

/** Only the holder of the part's lock may call it: no other build of this entry can be alive then. */
export async function removeLeftovers(entry: Entry): Promise<void> {
  const parent = join(entry.directory, "..");
  const prefix = `${basename(entry.directory)}.tmp-`;
  for (const name of await readdir(parent).catch(() => [])) {
    if (name.startsWith(prefix)) await rm(join(parent, name), { recursive: true, force: true });
  }
}

/**
 * One directory for PATH with every program of the entries. Its name follows from theirs, so that a running cluster
 * keeps its programs when the checkout moves on.
 * @param kind the first word of its name
 */
export async function linkPrograms(kind: string, entries: Entry[], host: Host): Promise<string> {
  const links = entries.flatMap(({ target: { program, links, scripts }, directory }) => [
    ...links.map((name) => ({ name, file: join(directory, program) })),
    ...scripts.map((name) => ({ name, file: join(directory, "bin", name) })),
  ]);
  const named = links.map(({ name, file }) => `${name} ${relative(toolchainCache(host.env), file)}`).sort();
  const hash = createHash("sha256").update(named.join("\n")).digest("hex").slice(0, 16);
  const directory = join(toolchainCache(host.env), `${kind}-${hash}`);
  if (await exists(directory)) return directory;
  const draft = `${directory}.tmp-${process.pid}-${Math.random().toString(36).slice(2)}`;
  await mkdir(draft, { recursive: true });
  for (const { name, file } of links) await symlink(relative(directory, file), join(draft, name));
  try {
    await rename(draft, directory);
  } catch (error) {
    // Another build was faster; its result is the same.
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(directory))) throw error;
  }
  return directory;
}
