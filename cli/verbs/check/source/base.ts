import type { SourceFiles } from "./files";

/** The tree as it was at the merge base. */
export interface Base {
  files: SourceFiles;
  /** Files of `gitops` that were added, changed or removed since. */
  changed: ReadonlySet<string>;
}
