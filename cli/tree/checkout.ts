import { UserError } from "../../model/errors";
import { Directory } from "../../model/directory";
import type { TreeSource } from "../../model/tree-source";
import { commitOf, findRepository, type Repository } from "./git";
import { BlobStore } from "./git-objects";
import type { GitTree } from "./git-tree";
import { commitTree, workingTree } from "./read-tree";

/** A repository whose trees are read; what they have in common is read and parsed once. */
export class Checkout {
  readonly blobs = new BlobStore();

  private constructor(readonly repository: Repository) {}

  /** @throws UserError when the directory is not a repository */
  static async open(root: string): Promise<Checkout> {
    return new Checkout(await findRepository(root));
  }

  /** The tree of a revision; undefined means the working tree as the next commit would have it. */
  async tree(revision?: string): Promise<GitTree> {
    if (revision === undefined) return workingTree(this.repository, this.blobs);
    return commitTree(this.repository, await commitOf(this.repository, revision), this.blobs);
  }
}

/** The working tree as Git reads it; if that fails, the files of the directory and the reason. */
export type WorkingTree = { checkout: Checkout; files: GitTree } | { files: TreeSource; missing: UserError };

/** Reads the working tree, even where Git cannot, such as in a directory that is not a repository. */
export async function openWorkingTree(root: string): Promise<WorkingTree> {
  try {
    const checkout = await Checkout.open(root);
    return { checkout, files: await checkout.tree() };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { files: new Directory(root), missing: error };
  }
}
