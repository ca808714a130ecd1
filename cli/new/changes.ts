import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { failure } from "../fail";

/** One file as it is to be. */
export interface FileChange {
  /** Relative to the root of the tree. */
  path: string;
  text: string;
  kind: "new" | "edit";
}

/** Collects files, and writes them only when all of them are known. */
export class Changes {
  readonly files: FileChange[] = [];

  constructor(private readonly root: string) {}

  /**
   * A file that must not be there yet.
   * @throws UserError when it is
   */
  add(path: string, text: string): void {
    if (lstatSync(join(this.root, path), { throwIfNoEntry: false }) !== undefined) {
      throw failure(`${path} is there already; nothing was written`);
    }
    this.files.push({ path, text, kind: "new" });
  }

  /** Replaces the text of a file, of the tree or of an earlier change. */
  edit(path: string, text: string): void {
    const known = this.files.find((file) => file.path === path);
    if (known) known.text = text;
    else if (text !== this.read(path)) this.files.push({ path, text, kind: "edit" });
  }

  /** The text of a file as it will be; undefined when there is none. */
  read(path: string): string | undefined {
    const known = this.files.find((file) => file.path === path);
    if (known) return known.text;
    return existsSync(join(this.root, path)) ? readFileSync(join(this.root, path), "utf8") : undefined;
  }

  /** Writes every file: first beside its place, then all at once, so that a full disk leaves nothing half done. */
  write(): void {
    const drafts = this.files.map(({ path, text }) => ({ file: join(this.root, path), text }));
    const draftOf = (file: string) => `${file}.${process.pid}.tmp`;
    try {
      for (const { file, text } of drafts) {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(draftOf(file), text);
      }
      for (const { file } of drafts) renameSync(draftOf(file), file);
    } finally {
      for (const { file } of drafts) rmSync(draftOf(file), { force: true });
    }
  }
}
