import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { git, GitError } from "../../machine/git";
import { UserError } from "../../model/errors";
import { failure } from "../terminal/fail";
import { someOf } from "../terminal/table";
import { editFiles, type EditedFile } from "./edit";

/** What the tool says of a commit: that it made it, or would make it. */
export interface MadeCommit {
  message: string;
  /** Missing where the commit is not made. */
  id?: string;
}

/** A message of a commit: a subject, then paragraphs of lines; what has no lines is left out. */
export function commitText(subject: string, ...paragraphs: (readonly string[])[]): string {
  const shown = [[subject], ...paragraphs].filter((lines) => lines.length > 0);
  return `${shown.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** Who has to approve a commit, and the file that says so. */
export function approvalLine(approvers: readonly string[], file?: string): string {
  return `To approve: ${approvers.join(", ") || "nobody has to"}${file === undefined ? "" : ` (${file})`}`;
}

/** `committed 1a2b3c4d5e:` and the message, or what it would say. */
export function commitLines({ message, id }: MadeCommit): string[] {
  const said = message.trimEnd().split("\n");
  const head = id === undefined ? "the commit would say:" : `committed ${id.slice(0, 10)}:`;
  return [head, ...said.map((line) => (line === "" ? "" : `  ${line}`))];
}

/** `writes FILE` or `removes FILE`; the word for writing may be another one. */
export function editLine({ path, text }: EditedFile, writes = "writes"): string {
  return `${text === null ? "removes" : writes} ${path}`;
}

/** The files of an edit, as JSON shows them. */
export function editFacts(edits: readonly EditedFile[]): { path: string; removed: boolean }[] {
  return edits.map(({ path, text }) => ({ path, removed: text === null }));
}

/**
 * A commit of the tool has what its verb does and nothing else.
 * @throws UserError when something in these files or directories has changes that are not committed
 */
export async function refuseUncommitted(root: string, paths: readonly string[]): Promise<void> {
  const args = ["status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--", ...paths];
  const said = (await git(root, args)).toString().split("\0");
  const found = said.filter((line) => line !== "").map((line) => line.slice(3));
  if (found.length === 0) return;
  throw failure(
    `${someOf(found)} ${found.length === 1 ? "has" : "have"} changes that are not committed; commit them or take them back first, so that the commit has nothing else`,
  );
}

/**
 * Writes files and makes one commit of them, or does neither.
 * @returns the id of the commit
 */
export async function commitEdits(root: string, edits: readonly EditedFile[], message: string): Promise<string> {
  const paths = edits.map(({ path }) => path);
  const before = paths.map((path) => ({ path, text: textAt(join(root, path)) }));
  editFiles(root, edits);
  try {
    await git(root, ["add", "--all", "--", ...paths]);
    await git(root, ["commit", "--quiet", "--only", "--file=-", "--", ...paths], message);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    editFiles(root, before);
    // Where Git could not even add them there is nothing to take back.
    await git(root, ["reset", "--quiet", "--", ...paths]).catch(() => undefined);
    throw new UserError(`nothing was written: Git makes no commit: ${error.reason}`, { exitCode: 1, cause: error });
  }
  return (await git(root, ["rev-parse", "HEAD"])).toString().trim();
}

function textAt(file: string): string | null {
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}
