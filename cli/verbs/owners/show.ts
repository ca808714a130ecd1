import { Directory } from "../../../model/directory";
import type { Context, Input } from "../../command";
import { editFiles, finishEarlierEdit } from "../../tree/edit";
import { codeOwners, hasOwnerLines, ownedIn, ownerLines, withOwnerLines } from "../../tree/owners";

/** Prints the lines, or writes them; 1 where the file has others. */
export function showOwners(input: Input, { root, io }: Context): Promise<number> {
  const at = root();
  finishEarlierEdit(at, io.err);
  const tree = new Directory(at);
  const { path, text } = codeOwners((place) => tree.text(place));
  const lines = ownerLines(ownedIn(tree));
  const wanted = withOwnerLines(text, lines);
  // A tree may do without; only a file that has our part is held to it.
  const [write, stale, isKept] = [input.flag("write"), wanted !== text, hasOwnerLines(text)];
  if (write && stale) editFiles(at, [{ path, text: wanted }]);
  if (input.flag("json")) io.out(`${JSON.stringify({ file: path, lines, stale: stale && !write }, undefined, 2)}\n`);
  else if (write) io.out(stale ? `wrote ${path}\n` : `${path} has these lines already\n`);
  else {
    io.out(lines.map((line) => `${line}\n`).join(""));
    if (stale) io.err(`${path} does not have these lines; \`onebranch owners --write\` writes them\n`);
  }
  return Promise.resolve(stale && isKept && !write ? 1 : 0);
}
