import type { TreeSource } from "../../../model/tree-source";
import { codeOwners, hasOwnerLines, ownedIn, ownerLines, withOwnerLines, type Owned } from "../../tree/owners";
import type { Changes } from "./changes";

/** CODEOWNERS has a line for what is new, where it has the part that onebranch writes. */
export function keepOwners(tree: TreeSource, changes: Changes, withNew: (owned: Owned) => Owned): void {
  const { path, text } = codeOwners((place) => changes.read(place));
  if (hasOwnerLines(text)) changes.edit(path, withOwnerLines(text, ownerLines(withNew(ownedIn(tree)))));
}
