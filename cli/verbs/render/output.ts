import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { writeWhole } from "../../../machine/files";
import { compareText } from "../../../model/findings";
import { failure, usageError } from "../../terminal/fail";

/** One file below the output directory. */
export interface OutputFile {
  /** With forward slashes. */
  path: string;
  content: string;
}

export interface OutputOptions {
  directory: string;
  cwd: string;
  files: readonly OutputFile[];
  /** The part of the directory that consists of exactly these files: `<cluster>` or `<cluster>/<component>`. */
  owned: string;
  /** Parts whose files are kept as they are, because their right content is not known. */
  keep: readonly string[];
}

export interface OutputResult {
  written: string[];
  removed: string[];
  /** How many files were up to date already. */
  same: number;
}

/** The list of the files that the tool wrote, with the hash of each content. */
const listName = ".onebranch-render.json";

/** What the tool wrote, by path: the SHA-256 of the content; two hashes while the file is being replaced. */
type Written = Record<string, string>;

/**
 * Writes files so that the directory holds exactly these below `owned`. Only files that an earlier run wrote are changed
 * or removed. When a person made or edited one of them, nothing is touched at all.
 */
export function writeOutput({ directory, cwd, files, owned, keep }: OutputOptions): OutputResult {
  const root = resolve(cwd, directory);
  const before = readList(root, directory);
  const inside = (path: string, part: string) => path.startsWith(`${part}/`);
  const wanted = new Map(files.map(({ path, content }) => [path, content]));
  const stale = Object.keys(before).filter(
    (path) => inside(path, owned) && !wanted.has(path) && !keep.some((part) => inside(path, part)),
  );
  const changed = files.filter(({ path, content }) => contentAt(root, path) !== content);
  refuseForeign(root, directory, before, [...changed.map(({ path }) => path), ...stale]);

  const after = Object.fromEntries(Object.entries(before).filter(([path]) => !stale.includes(path)));
  for (const { path, content } of files) after[path] = hash(content);
  // Every path is listed before its file is written, so that a killed run leaves no unlisted file.
  if (files.length > 0 || stale.length > 0) {
    mkdirSync(root, { recursive: true });
    writeList(root, during(before, after));
    for (const { path, content } of changed) writeAtomic(join(root, path), content);
    for (const path of stale) removeFile(root, path);
    writeList(root, after);
  }
  return {
    written: changed.map(({ path }) => path),
    removed: stale.sort(compareText),
    same: files.length - changed.length,
  };
}

function during(before: Written, after: Written): Written {
  const both = Object.entries(after).map(([path, now]) => {
    const old = before[path] ?? now;
    return [path, old.includes(now) ? old : `${old} ${now}`];
  });
  return { ...before, ...Object.fromEntries(both) };
}

function isKnown(hashes: string | undefined, content: string): boolean {
  return hashes !== undefined && hashes.split(" ").includes(hash(content));
}

function readList(root: string, shown: string): Written {
  const file = join(root, listName);
  if (existsSync(root) && !lstatSync(root).isDirectory()) throw usageError(`--output-dir ${shown} is not a directory`);
  if (!existsSync(file)) return {};
  try {
    const { files } = JSON.parse(readFileSync(file, "utf8")) as { files: Written };
    const sound = Object.keys(files).every((path) => !path.split("/").some((part) => part === ".." || part === ""));
    if (sound) return files;
  } catch {
    // Reported below.
  }
  throw failure(`${join(shown, listName)} is not what onebranch wrote; restore it, or render into an empty directory`);
}

/** Files in the way that onebranch did not write, or that were edited since. */
function refuseForeign(root: string, shown: string, before: Written, paths: readonly string[]): void {
  const foreign = paths.filter((path) => {
    refuseLinks(root, shown, path);
    const content = contentAt(root, path);
    return content !== undefined && !isKnown(before[path], content);
  });
  if (foreign.length === 0) return;
  const list = foreign.map((path) => `  ${join(shown, path)}`).join("\n");
  throw failure(`onebranch did not write these files, or somebody changed them since; nothing was touched:\n${list}`);
}

/** A link in the directory would lead the tool to files elsewhere. */
function refuseLinks(root: string, shown: string, path: string): void {
  const parts = path.split("/");
  for (let length = 1; length <= parts.length; length++) {
    const part = parts.slice(0, length).join("/");
    const stats = lstatSync(join(root, part), { throwIfNoEntry: false });
    if (stats === undefined) return;
    if (stats.isSymbolicLink()) throw failure(`${join(shown, part)} is a symbolic link; nothing was touched`);
    if (stats.isDirectory() !== length < parts.length) {
      throw failure(`${join(shown, part)} is in the way of ${join(shown, path)}; nothing was touched`);
    }
  }
}

function contentAt(root: string, path: string): string | undefined {
  const stats = lstatSync(join(root, path), { throwIfNoEntry: false });
  return stats?.isFile() ? readFileSync(join(root, path), "utf8") : undefined;
}

function removeFile(root: string, path: string): void {
  rmSync(join(root, path), { force: true });
  for (let directory = dirname(join(root, path)); directory !== root; directory = dirname(directory)) {
    if (!existsSync(directory)) continue;
    if (readdirSync(directory).length > 0) return;
    rmdirSync(directory);
  }
}

function writeList(root: string, files: Written): void {
  const sorted = Object.fromEntries(Object.entries(files).sort(([a], [b]) => compareText(a, b)));
  writeAtomic(join(root, listName), `${JSON.stringify({ files: sorted }, undefined, 2)}\n`);
}

function writeAtomic(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeWhole(file, content, 0o666);
}

function hash(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}
