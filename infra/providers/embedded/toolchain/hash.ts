import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { linkerFlags, type Target } from "./parts";

/** Raise it when the layout of a finished part or the way it is built changes in a way that nothing below shows. */
const layout = 1;

/** The files of a module that its binaries are made of, sorted; tests are not. */
export async function moduleFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith("_test.go"))
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/**
 * Says what a finished part was made of. Go's own version is left out on purpose: a newer patch release makes the same
 * programs, and must not cost everybody twenty minutes.
 */
export async function contentHash(target: Target, modules: string): Promise<string> {
  const hash = createHash("sha256");
  const add = (...words: string[]) => words.forEach((word) => hash.update(`${word.length}:${word}\n`));
  add(String(layout), target.name, process.platform, process.arch);
  for (const build of target.builds) add(build.output, build.package, linkerFlags(build), ...build.links);
  for (const module of [target.part, ...target.shared]) {
    for (const file of await moduleFiles(join(modules, module))) {
      add(module, file, await readFile(join(modules, module, file), "utf8"));
    }
  }
  return hash.digest("hex").slice(0, 16);
}
