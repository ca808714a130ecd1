import { git } from "../../../machine/git";
import { failure } from "../../terminal/fail";
import { someOf } from "../../terminal/table";
import { commitText } from "../../tree/commit";
import type { EditedFile } from "../../tree/edit";
import { backLine, type StageCommit } from "./history";

/**
 * What takes one commit back: each of its files as it was before. Nothing else is touched, whatever was committed in between.
 * @throws UserError when somebody has changed one of the files since
 */
export async function reversingEdits(root: string, commit: string): Promise<EditedFile[]> {
  const args = ["diff-tree", "-r", "-z", "--no-renames", "--no-commit-id", "--raw", "--no-abbrev", commit];
  const words = (await git(root, args)).toString().split("\0");
  const edits: EditedFile[] = [];
  const changed: string[] = [];
  for (let i = 0; i + 1 < words.length; i += 2) {
    const [, , before = "", after = ""] = words[i]!.split(" ");
    const path = words[i + 1]!;
    const now = (await git(root, ["ls-tree", "HEAD", "--", path])).toString().split(/\s/)[2] ?? "";
    if (now !== (isNone(after) ? "" : after)) changed.push(path);
    const text = isNone(before) ? null : (await git(root, ["cat-file", "blob", before])).toString();
    edits.push({ path, text });
  }
  if (changed.length > 0) {
    const has = changed.length === 1 ? "has" : "have";
    throw failure(
      `${someOf(changed)} ${has} been changed since ${commit.slice(0, 10)}, so that step is not taken back by itself; \`onebranch rollback\` restores an earlier state`,
    );
  }
  return edits;
}

const isNone = (oid: string) => /^0+$/.test(oid);

/** What the commit that takes a step back says. */
export function backMessage(component: string, of: StageCommit & { step: string }, reasons: readonly string[]): string {
  return commitText(
    `Take ${component} in ${of.step} back`,
    reasons,
    [`Restores what ${of.id} changed (${of.subject}).`],
    [backLine(component, of.step, of.id)],
  );
}

/** The reasons that such a commit gives. */
export function reasonsIn({ message }: StageCommit): string[] {
  return (message.split("\n\n")[1] ?? "").split("\n");
}
