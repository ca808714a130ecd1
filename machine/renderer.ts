import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { sourceRoot } from "../model/source-root";
import { cacheRoot } from "./cache.cjs";
import type { GoProgram } from "./go-build";

/** The Go sources of the renderer. */
export const rendererSources = join(sourceRoot, "renderer");

/** Where the renderer that these sources make is kept, and how it is built. */
export interface RendererEntry extends GoProgram {
  hash: string;
  /** a directory of that name is always complete */
  directory: string;
}

/** The program's name in its directory. */
export const rendererProgram = "onebranch-renderer";

export function rendererEntry(
  env: Readonly<Record<string, string | undefined>>,
  sources = rendererSources,
): RendererEntry {
  const hash = sourceHash(sources);
  const name = `renderer-${hash}`;
  // The program needs its own name, because it must not read renders that another version cached.
  return { hash, directory: join(cacheRoot(env), name), package: ".", set: { "main.build": name } };
}

/** Lists the files that decide what the renderer does, tests left out, sorted. */
function sourceFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(\.go|^go\.(mod|sum)|\.json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.endsWith("_test.go") && !file.includes("testdata"))
    .sort();
}

/** Changes whenever a source file of the renderer does. */
export function sourceHash(directory = rendererSources): string {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}\n`);
  for (const file of sourceFiles(directory)) {
    const data = readFileSync(file);
    hash.update(`${file.slice(directory.length)} ${data.length}\n`).update(data);
  }
  return hash.digest("hex").slice(0, 16);
}

/** Older renderers are kept for checkouts of other versions. */
const kept = 4;

/** Removes all but the newest renderers. A running one goes on: it has its file open. */
export async function removeOldRenderers({ directory, hash }: RendererEntry): Promise<void> {
  const root = join(directory, "..");
  const names = (await readdir(root)).filter(
    (name) => /^renderer-[0-9a-f]{16}$/.test(name) && !name.endsWith(`-${hash}`),
  );
  const ages = await Promise.all(
    names.map(async (name) => ({
      name,
      time: await stat(join(root, name)).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    })),
  );
  const old = ages.sort((a, b) => b.time - a.time).slice(kept - 1);
  for (const { name } of old) await rm(join(root, name), { recursive: true, force: true });
}
