import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exists } from "./cache";
import { copyWritable } from "./copy";
import { ToolchainError } from "./errors";

/** What a file of `modules/patches` holds: changes to the sources of another module that parts are built from. */
interface Patches {
  module: string;
  /** Files and folders that are not copied; each must be there. */
  leaveOut?: string[];
  /** Nothing but these files and folders is copied. */
  keep?: string[];
  changes: Change[];
}

interface Change {
  /** Why no flag or variable does it, or what it saves. */
  why: string;
  file: string;
  edits: Edit[];
}

interface Edit {
  /** Text that stands in the file exactly once. */
  from: string;
  /** Everything up to the end of the next such text belongs to what is replaced. */
  through?: string;
  /** Default: nothing. */
  to?: string;
}

/**
 * Copies a module and changes the copy. Go checks its own cache, and refuses overlays there, so a copy is the only way. Files in a
 * folder with the name of the patches are laid into the copy.
 * @param patches the folder of patches
 * @param name which of them
 * @param find says where a module's sources are
 * @returns the path of the module that the copy takes the place of
 */
export async function applyPatches(
  patches: string,
  name: string,
  copy: string,
  find: (module: string) => Promise<string>,
): Promise<string> {
  const {
    module,
    leaveOut = [],
    keep,
    changes,
  } = JSON.parse(await readFile(join(patches, `${name}.json`), "utf8")) as Patches;
  const fault = (what: string) =>
    new ToolchainError([
      `${what}; look at what became of it in the version of ${module} that go.mod names, and bring patches/${name}.json up to date`,
    ]);
  const source = await find(module);
  for (const path of [...leaveOut, ...(keep ?? [])]) {
    if (!(await exists(join(source, path)))) throw fault(`${module} has no ${path}`);
  }
  if (keep) for (const path of keep) await copyWritable(join(source, path), join(copy, path));
  else await copyWritable(source, copy, new Set(leaveOut.map((path) => join(source, path))));
  for (const change of changes) await applyChange(copy, change, (what) => fault(`${change.file} ${what}`));
  if (await exists(join(patches, name))) await cp(join(patches, name), copy, { recursive: true });
  return module;
}

async function applyChange(copy: string, { file, edits }: Change, fault: (what: string) => Error): Promise<void> {
  const path = join(copy, file);
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) throw fault("is gone");
  await writeFile(
    path,
    edits.reduce((edited, edit) => applyEdit(edited, edit, fault), text),
  );
}

function applyEdit(text: string, { from, through = "", to = "" }: Edit, fault: (what: string) => Error): string {
  const times = text.split(from).length - 1;
  if (times !== 1) throw fault(`has ${times} times what is to be changed there: ${shown(from)}`);
  const start = text.indexOf(from);
  const end = text.indexOf(through, start + from.length);
  if (end < 0) throw fault(`has no end of what is to be changed there: ${shown(through)}`);
  return text.slice(0, start) + to + text.slice(end + through.length);
}

function shown(text: string): string {
  return JSON.stringify(text.trim().split("\n")[0]);
}
