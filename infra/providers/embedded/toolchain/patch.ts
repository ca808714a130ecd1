import { chmod, copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { ToolchainError } from "./errors";

/** What a module's `patches.json` holds: small changes to the sources of another module that it is built from. */
interface Patches {
  module: string;
  patches: Patch[];
}

interface Patch {
  /** Why no flag or variable does it. */
  why: string;
  file: string;
  /** Text that stands in the file exactly once. */
  from: string;
  to: string;
}

/**
 * Lets the staged module be built from a changed copy of another one, if it has a `patches.json`. Only this copy is changed:
 * Go checks its cache, and refuses overlays there.
 * @param staged the staged module
 * @param find says where a module's sources are
 * @param replace lets the staged module use a directory in the place of a module
 */
export async function applyPatches(
  staged: string,
  find: (module: string) => Promise<string>,
  replace: (module: string, directory: string) => Promise<void>,
): Promise<void> {
  const text = await readFile(join(staged, "patches.json"), "utf8").catch(() => undefined);
  if (text === undefined) return;
  const { module, patches } = JSON.parse(text) as Patches;
  const copy = join(staged, "..", "patched");
  await copyWritable(await find(module), copy);
  for (const patch of patches) await applyPatch(module, copy, patch);
  await replace(module, relative(staged, copy));
}

async function applyPatch(module: string, directory: string, { file, from, to }: Patch): Promise<void> {
  const path = join(directory, file);
  const parts = (await readFile(path, "utf8").catch(() => "")).split(from);
  if (parts.length !== 2) {
    throw new ToolchainError([
      `${file} of ${module} has ${parts.length - 1} times what is to be changed there; ` +
        "look at what became of it, and bring patches.json up to date",
    ]);
  }
  await chmod(path, 0o644);
  await writeFile(path, parts.join(to));
}

/** Directories of Go's cache cannot be written to, and so could their copies not be deleted. */
async function copyWritable(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyWritable(source, target);
    else if (entry.isFile()) await copyFile(source, target);
  }
}
