import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { git, GitError } from "../../machine/git";
import { failure } from "../terminal/fail";
import { someOf } from "../terminal/table";
import type { EditedFile } from "./edit";

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
 * Writes files and makes one commit of them on top of HEAD, or does neither. What else is changed or staged stays as it is.
 * @returns the id of the commit
 */
export async function commitEdits(root: string, edits: readonly EditedFile[], message: string): Promise<string> {
  try {
    const id = await commitObject(root, "HEAD", edits, message);
    await moveTo(root, id);
    return id;
  } catch (error) {
    throw noCommit(error);
  }
}

/**
 * Makes a commit that nothing points to yet: a process that is killed here leaves the checkout as it was.
 * @param parent what it comes after
 * @returns the id of the commit
 * @throws UserError when Git refuses it
 */
export async function commitObject(
  root: string,
  parent: string,
  edits: readonly EditedFile[],
  message: string,
): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "onebranch-commit-"));
  const index = join(directory, "index");
  const run = async (args: readonly string[], input?: string) =>
    (await git(root, args, input, index)).toString().trim();
  try {
    await run(["read-tree", parent]);
    const lines: string[] = [];
    for (const { path, text } of edits) {
      const blob = text === null ? "0".repeat(40) : await run(["hash-object", "-w", "--stdin"], text);
      lines.push(`${text === null ? "0" : "100644"} ${blob}\t${path}\0`);
    }
    await run(["update-index", "-z", "--index-info"], lines.join(""));
    const tree = await run(["write-tree"]);
    const signs = (await run(["config", "--type=bool", "--default=false", "--get", "commit.gpgSign"])) === "true";
    return await run(["commit-tree", ...(signs ? ["-S"] : []), "-p", parent, "-F", "-", tree], message);
  } catch (error) {
    throw noCommit(error);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function noCommit(error: unknown): unknown {
  return error instanceof GitError
    ? failure(`nothing was written: Git makes no commit: ${error.reason}`, error)
    : error;
}

/**
 * Moves the checkout on to a commit that comes after its own: branch, index and files.
 * @throws GitError when it does not come after HEAD, or something else in its files is changed
 */
export async function moveTo(root: string, commit: string): Promise<void> {
  await git(root, ["merge", "--ff-only", "--quiet", commit]);
}
