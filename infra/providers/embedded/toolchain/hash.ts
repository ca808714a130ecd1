import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { linkerFlags } from "../../../../machine/go-build";
import type { Target } from "./parts";

/** Raise it when the layout of a finished part or the way it is built changes in a way that nothing below shows. */
const layout = 2;

/** The files of a folder that binaries are made of, sorted; tests are not. */
async function sources(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith("_test.go"))
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/**
 * Says what a finished part was made of. Go's own version is left out on purpose: a newer patch release makes the same
 * programs, and must not cost everybody ten minutes.
 */
export async function contentHash(target: Target, modules: string): Promise<string> {
  const hash = createHash("sha256");
  const add = (...words: string[]) => words.forEach((word) => hash.update(`${word.length}:${word}\n`));
  add(String(layout), target.part, process.platform, process.arch, linkerFlags(target), ...target.scripts);
  const patches = target.patches.map((name) => join("patches", name));
  for (const file of ["go.mod", "go.sum", ...patches.map((path) => `${path}.json`)]) {
    add(file, await readFile(join(modules, file), "utf8"));
  }
  const addFiles = async (folder: string, files: string[]) => {
    for (const file of files) add(folder, file, await readFile(join(modules, folder, file), "utf8"));
  };
  for (const folder of [target.package.slice(2), ...target.shared])
    await addFiles(folder, await sources(join(modules, folder)));
  // Most patches lay no files into their copy.
  for (const folder of patches) await addFiles(folder, await sources(join(modules, folder)).catch(() => []));
  return hash.digest("hex").slice(0, 16);
}
