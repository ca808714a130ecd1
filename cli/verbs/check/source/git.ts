import { UserError } from "../../../../model/errors";
import { maxFileSize } from "../../../../model/files";
import { commitOf, findRepository, mainBranch, mergeBase, type Repository } from "../../../tree/git";
import { BlobStore, commitTree, workingTree, type GitTree } from "../../../tree/git-tree";
import type { Missing } from "../missing";
import type { Base } from "./base";
import { SourceFiles } from "./files";

/** What Git knows about the checkout. */
export interface Versions {
  base: Base | Missing;
  /** Files that are committed, also those that are gone, or new and not ignored; undefined without a repository. */
  known: ReadonlySet<string> | undefined;
}

/**
 * Compares the working tree with a commit.
 * @param revision the commit to compare with; default: the merge base of HEAD and the main branch
 * @param head the files of the working tree
 * @throws UserError when a revision is given and names no commit, or a shallow clone does not reach back
 */
export async function readVersions(root: string, revision: string | undefined, head: SourceFiles): Promise<Versions> {
  let repository: Repository | undefined;
  let known: ReadonlySet<string> | undefined;
  try {
    repository = await findRepository(root);
    const blobs = new BlobStore();
    // The working tree is read while Git looks for the commit that it started from.
    const before = baseCommit(repository, revision).then(async (commit) => ({
      commit,
      tree: await commitTree(repository!, commit, blobs),
    }));
    before.catch(() => undefined);
    const working = await workingTree(repository, blobs);
    known = new Set([...working.entries.map(({ path }) => path), ...(working.gone ?? [])]);
    const { commit, tree } = await before;
    return { base: { commit, ...compare(tree, working, head) }, known };
  } catch (error) {
    // A clone that lacks history could have it; to go on would pass what was never compared.
    if (!(error instanceof UserError) || revision !== undefined || repository?.shallow) throw error;
    const base = { missing: error.message, fix: "name the commit to compare with: onebranch check <commit>" };
    return { base, known };
  }
}

async function baseCommit(repository: Repository, revision: string | undefined): Promise<string> {
  if (revision !== undefined) return mergeBase(repository, await commitOf(repository, revision), "HEAD");
  const branch = await mainBranch(repository);
  if (branch === undefined && repository.shallow) {
    throw new UserError(
      "this shallow clone has no main branch to compare with; fetch more of the history: git fetch --unshallow origin main (in GitHub Actions: fetch-depth: 0), or name the commit: onebranch check <commit>",
    );
  }
  return branch === undefined ? commitOf(repository, "HEAD") : mergeBase(repository, branch, "HEAD");
}

/** The files of a commit: those that the working tree still has are read and parsed once for both. */
function compare(base: GitTree, working: GitTree, head: SourceFiles): Omit<Base, "commit"> {
  const changes = new Map<string, (() => string) | undefined>();
  for (const { path, oid, mode } of base.entries) {
    if (!isRead(path, mode) || working.entry(path)?.oid === oid) continue;
    const text = base.read(path)!;
    changes.set(path, Buffer.byteLength(text) > maxFileSize ? undefined : () => text);
  }
  for (const { path, mode } of working.entries)
    if (isRead(path, mode) && !base.entry(path)) changes.set(path, undefined);
  return { files: head.with(changes), changed: new Set(changes.keys()) };
}

/** Files of the tree that are read; links and submodules are not. */
function isRead(path: string, mode: string): boolean {
  return path.startsWith("gitops/") && !path.split("/").some((part) => part.startsWith(".")) && mode.startsWith("100");
}
