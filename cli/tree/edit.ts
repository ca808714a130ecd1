import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, sep } from "node:path";
import { isAlive, startToken, thisProcess, type ProcessRecord } from "../../machine/processes";
import { failure } from "../terminal/fail";

/** One file as it is to be; the path is relative to the root of the tree. */
export interface EditedFile {
  path: string;
  /** Null where the file is removed. */
  text: string | null;
}

/** An edit that is decided: every new text is on the disk, and from here it can only be finished. */
interface Journal extends ProcessRecord {
  files: { path: string; before: string | null; after: string | null }[];
}

/** In this directory of the checkout, which Git ignores, an edit is kept until all its files are in place. */
const home = ".onebranch";
const pending = "edit";

/**
 * Writes all files or none. The new texts are collected in a separate directory; renaming that directory is the moment at
 * which the edit is decided. A run that is killed before leaves the tree as it was, one that is killed after is finished
 * by `finishEdit`, which every verb that edits the tree calls first.
 * @param step called before each step; a test ends the process there
 * @throws UserError when another run of the tool is writing
 */
export function editFiles(root: string, files: readonly EditedFile[], step: (name: string) => void = () => {}): void {
  if (files.length === 0) return;
  finishEdit(root);
  const made = !existsSync(join(root, home));
  const draft = join(root, home, `${pending}.${process.pid}`);
  try {
    for (const { path } of files) assertPlace(root, path);
    step("collect");
    mkdirSync(draft, { recursive: true });
    for (const [index, { path, text }] of files.entries()) {
      step(`draft ${path}`);
      writeFileSync(join(draft, String(index)), text ?? "");
    }
    const journal: Journal = {
      ...thisProcess(),
      files: files.map(({ path, text }) => ({
        path,
        before: hashAt(join(root, path)),
        after: text === null ? null : hash(text),
      })),
    };
    step("journal");
    writeFileSync(join(draft, "journal.json"), JSON.stringify(journal));
    step("decide");
    renameSync(draft, join(root, home, pending));
  } catch (error) {
    if (existsSync(draft)) rmSync(draft, { recursive: true, force: true });
    throw failure(`nothing was written: ${(error as Error).message}`, error);
  }
  carryOut(root, step);
  if (made && readdirSync(join(root, home)).length === 0) rmSync(join(root, home), { recursive: true });
}

/** Finishes the edit of a killed run before a verb reads the tree that it will edit, and reports it. */
export function finishEarlierEdit(root: string, say: (text: string) => void): void {
  const files = finishEdit(root);
  if (files.length > 0) say(`finished an edit that a killed run had begun: wrote ${files.join(", ")}\n`);
}

/**
 * Finishes an edit that a killed run had decided, and removes the remains of an undecided one; returns the files of the
 * finished edit.
 * @throws UserError when another run is writing, or one of the files was changed since
 */
export function finishEdit(root: string): string[] {
  const directory = join(root, home);
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return [];
  for (const name of readdirSync(directory)) {
    const [, pid] = /^edit\.(\d+)$/.exec(name) ?? [];
    if (pid !== undefined && startToken(Number(pid)) === undefined)
      rmSync(join(directory, name), { recursive: true, force: true });
  }
  if (!existsSync(join(directory, pending))) return [];
  const journal = readJournal(root);
  if (journal.pid !== process.pid && isAlive(journal)) {
    throw failure(
      `another onebranch (process ${journal.pid}) is writing to this tree; run the same command when it is done`,
    );
  }
  return carryOut(root, () => {});
}

function carryOut(root: string, step: (name: string) => void): string[] {
  const directory = join(root, home, pending);
  const { files } = readJournal(root);
  const open = [...files.entries()].filter(([index]) => existsSync(join(directory, String(index))));
  for (const [, { path, before, after }] of open) {
    const now = hashAt(join(root, path));
    if (now === before || now === after) continue;
    throw failure(
      `${path} has changed since a run of onebranch was killed before it wrote this file; the new text is in ${home}/${pending}: copy what you need and remove that directory`,
    );
  }
  for (const [index, { path, after }] of open) {
    const file = join(root, path);
    if (after === null) {
      step(`remove ${path}`);
      removeFile(root, path);
      rmSync(join(directory, String(index)), { force: true });
      continue;
    }
    step(`directory of ${path}`);
    mkdirSync(dirname(file), { recursive: true });
    step(`write ${path}`);
    renameSync(join(directory, String(index)), file);
  }
  step("clean up");
  rmSync(directory, { recursive: true, force: true });
  step("done");
  return files.map(({ path }) => path);
}

/** Removes a file, and the directories that are empty without it: Git does not know them. */
function removeFile(root: string, path: string): void {
  rmSync(join(root, path), { force: true });
  for (let directory = dirname(path); directory !== "."; directory = dirname(directory)) {
    if (existsSync(join(root, directory)) && readdirSync(join(root, directory)).length > 0) return;
    rmSync(join(root, directory), { recursive: true, force: true });
  }
}

function readJournal(root: string): Journal {
  const file = join(root, home, pending, "journal.json");
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Journal;
  } catch (error) {
    // The last step removes the directory with the journal: without a journal there is nothing to finish.
    if (!existsSync(file)) return { pid: 0, start: "", files: [] };
    throw failure(`${home}/${pending}/journal.json is not what onebranch wrote; remove that directory`, error);
  }
}

/** Refuses to write through a link that leads out of the tree, and over anything that is not a file. */
function assertPlace(root: string, path: string): void {
  let directory = dirname(path);
  while (directory !== "." && !lstatSync(join(root, directory), { throwIfNoEntry: false })) {
    directory = dirname(directory);
  }
  if (!`${realpathSync(join(root, directory))}${sep}`.startsWith(`${realpathSync(root)}${sep}`)) {
    throw new Error(`${directory} leads out of the tree; put the directory itself there`);
  }
  const stats = statSync(join(root, path), { throwIfNoEntry: false });
  if (stats && !stats.isFile()) throw new Error(`${path} is not a file; remove it`);
}

function hashAt(file: string): string | null {
  return existsSync(file) ? hash(readFileSync(file)) : null;
}

function hash(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
