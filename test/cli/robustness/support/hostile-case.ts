import type { HostileTree } from "./hostile-tree";

/** One thing that is wrong with a tree. */
export interface HostileCase {
  name: string;
  /** Changes the tree, which is committed and clean. */
  make(tree: HostileTree): void;
  /** Sentences that `check` says, with the file; none when nothing is wrong with such a tree. */
  finds?: RegExp | RegExp[];
  /** Tried with each verb; so is the first case of each table. */
  everyVerb?: boolean;
}
