import { lstatSync } from "node:fs";
import { join } from "node:path";
import { YamlFile } from "../../../model/document";
import { UserError } from "../../../model/errors";
import { readRoot, type Shape } from "../../../model/fields";
import type { Finding } from "../../../model/findings";
import type { TreeSource } from "../../../model/tree-source";
import { editFiles } from "../../tree/edit";
import { failure } from "../../terminal/fail";

/** One file as it is to be. */
export interface FileChange {
  /** Relative to the root of the tree. */
  path: string;
  text: string;
  kind: "new" | "edit";
}

/** Collects files, and writes them only when all are complete. */
export class Changes {
  readonly files: FileChange[] = [];

  constructor(private readonly tree: TreeSource) {}

  /**
   * A file that must not be there yet.
   * @throws UserError when it is
   */
  add(path: string, text: string): void {
    if (lstatSync(join(this.tree.root, path), { throwIfNoEntry: false }) !== undefined) {
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

  /**
   * The text of a file as it will be; undefined when there is none.
   * @throws UserError when something other than a file of the tree is there, such as a pipe or a link out of the tree
   */
  read(path: string): string | undefined {
    const known = this.files.find((file) => file.path === path);
    if (known) return known.text;
    const entry = this.tree.find(path);
    if (entry?.kind === "fault") {
      throw failure(`${path}: ${entry.fault.message}; ${entry.fault.fix}; nothing was written`);
    }
    if (entry?.kind === "directory") {
      throw failure(`${path}: this is a directory; put a file there; nothing was written`);
    }
    return this.tree.text(path);
  }

  /** Writes every file or none. */
  write(): void {
    editFiles(this.tree.root, this.files);
  }
}

/**
 * What the model says about a file, before it is written.
 * @throws UserError with all of it
 */
export function refuse(path: string, text: string, shape: Shape<unknown>): void {
  const file = new YamlFile(path, text);
  readRoot(file, shape);
  refuseFaults(file.findings);
}

/** @throws UserError with all of the findings, when there are any */
export function refuseFaults(findings: readonly Pick<Finding, "message" | "fix">[]): void {
  if (findings.length > 0) throw new UserError(findings.map(({ message, fix }) => `${message}; ${fix}`).join("\n"));
}
