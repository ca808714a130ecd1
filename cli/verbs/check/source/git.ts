import { UserError } from "../../../../model/errors";
import { Directory } from "../../../../model/directory";
import type { TreeSource } from "../../../../model/tree-source";
import { Checkout } from "../../../tree/checkout";
import { commitOf, mainBranch, mergeBase, type Repository } from "../../../tree/git";
import type { GitTree } from "../../../tree/git-tree";
import type { Missing } from "../missing";
import type { Base } from "./base";
import { SourceFiles } from "./files";

/** The two versions of the tree that a check is about. */
export interface Versions {
  /** The working tree as the next commit would have it; if Git cannot tell, what is in the directory. */
  head: TreeSource;
  base: Promise<Base | Missing>;
  /** Both for the renderer, which reads trees only through Git. */
  git: { head: GitTree; base: Promise<GitTree> } | Missing;
}

/**
 * Reads the working tree and begins to read the commit that it is compared with.
 * @param checkout the repository, or why there is none
 * @param revision the commit to compare with; default: the merge base of HEAD and the main branch
 * @throws UserError when a revision is given and names no commit, or a shallow clone does not reach back
 */
export async function readVersions(
  root: string,
  checkout: Checkout | UserError,
  revision: string | undefined,
): Promise<Versions> {
  const missing = (error: unknown): Missing => {
    const shallow = checkout instanceof Checkout && checkout.repository.shallow;
    // The clone could fetch the missing history; going on without it would pass what was never compared.
    if (!(error instanceof UserError) || revision !== undefined || shallow) throw error;
    return { missing: error.message, fix: "name the commit to compare with: onebranch check <commit>" };
  };
  try {
    if (checkout instanceof UserError) throw checkout;
    // The working tree is read while Git looks for the commit that it started from.
    const before = baseCommit(checkout.repository, revision).then((commit) => checkout.tree(commit));
    before.catch(() => undefined);
    const head = await checkout.tree();
    const base = before.then((tree) => compare(tree, head)).catch(missing);
    base.catch(() => undefined);
    return { head, base, git: { head, base: before } };
  } catch (error) {
    const why = missing(error);
    return { head: new Directory(root), base: Promise.resolve(why), git: why };
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

/** The files of the base, and which files differ in the working tree or exist on one side only. */
function compare(base: GitTree, working: GitTree): Base {
  const paths = [...base.entries, ...working.entries].flatMap(({ path, mode }) => (isRead(path, mode) ? [path] : []));
  const changed = paths.filter((path) => base.entry(path)?.oid !== working.entry(path)?.oid);
  return { files: new SourceFiles(base), changed: new Set(changed) };
}

/** Files of the tree that are read; links and submodules are not. */
function isRead(path: string, mode: string): boolean {
  return path.startsWith("gitops/") && !path.split("/").some((part) => part.startsWith(".")) && mode.startsWith("100");
}
