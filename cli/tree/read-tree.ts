import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { git } from "../../machine/git";
import { UserError } from "../../model/errors";
import type { Repository } from "./git";
import {
  algorithmOf,
  hashed,
  link,
  objectId,
  readObjects,
  submodule,
  type BlobStore,
  type Hashed,
  type TreeEntry,
} from "./git-objects";
import { GitTree, needed, type GitTreeOptions } from "./git-tree";

/**
 * The tree of a commit.
 * @throws UserError when objects are missing, as in a partial clone without its remote
 */
export async function commitTree(repository: Repository, commit: string, blobs: BlobStore): Promise<GitTree> {
  const listing = await git(repository.root, ["ls-tree", "-r", "-z", "--full-tree", commit]);
  const entries: TreeEntry[] = [];
  for (const line of listing.toString().split("\0")) {
    // `<mode> <type> <oid>\t<path>`
    const tab = line.indexOf("\t");
    if (tab < 0) continue;
    const [mode = "", , oid = ""] = line.slice(0, tab).split(" ");
    entries.push({ path: line.slice(tab + 1), mode, oid });
  }
  return finished(repository, entries, blobs, { commit });
}

/**
 * The working tree: what is committed, changed, or new and not ignored, as the next commit would have it.
 * @throws UserError for a bare repository, and while a merge has conflicts below gitops/
 */
export async function workingTree(repository: Repository, blobs: BlobStore): Promise<GitTree> {
  if (repository.bare) {
    throw new UserError(
      `${repository.root} is a bare repository, which has no working tree: name the two commits to compare`,
    );
  }
  const [staged, touched] = await Promise.all([
    git(repository.root, ["ls-files", "--stage", "-z"]),
    git(repository.root, ["ls-files", "-t", "--modified", "--deleted", "--others", "--exclude-standard", "-z"]),
  ]);
  const entries = new Map<string, TreeEntry>();
  const conflicts = new Set<string>();
  for (const line of staged.toString().split("\0")) {
    // `<mode> <oid> <stage>\t<path>`
    const tab = line.indexOf("\t");
    if (tab < 0) continue;
    const [mode = "", oid = "", stage] = line.slice(0, tab).split(" ");
    const path = line.slice(tab + 1);
    if (stage !== "0" && needed(path)) conflicts.add(path);
    entries.set(path, { path, mode, oid });
  }
  if (conflicts.size > 0) {
    throw new UserError(
      `a merge is not finished, and these files have conflicts: ${[...conflicts].sort().join(", ")}; resolve them and run the same command again`,
    );
  }
  const algorithm = algorithmOf([...entries.values()]);
  const odd = new Set<string>();
  for (const line of touched.toString().split("\0")) {
    const path = line.slice(2).replace(/\/$/, "");
    if (path === "") continue;
    if (line.endsWith("/")) {
      // Git would add a repository inside this one as a submodule. Its commit is not looked up: nothing reads it.
      entries.set(path, { path, mode: submodule, oid: objectId(Buffer.alloc(0), algorithm) });
      continue;
    }
    const read = readWorking(repository.root, path, algorithm);
    if (typeof read === "object") {
      entries.set(path, read.entry);
      blobs.put(read.entry.oid, read.content);
    } else if (read !== "directory" || entries.get(path)?.mode !== submodule) {
      entries.delete(path);
      if (read === "odd") odd.add(path);
    }
  }
  return finished(repository, [...entries.values()], blobs, { odd });
}

/** A file of the working tree with the object id that Git would give it, when it is still there and a file. */
function readWorking(root: string, path: string, algorithm: string): Hashed | "gone" | "directory" | "odd" {
  const full = join(root, path);
  try {
    const stats = lstatSync(full);
    if (stats.isSymbolicLink()) {
      return hashed(path, link, Buffer.from(readlinkSync(full)), algorithm);
    }
    if (!stats.isFile()) return stats.isDirectory() ? "directory" : "odd";
    return hashed(path, (stats.mode & 0o100) !== 0 ? "100755" : "100644", readFileSync(full), algorithm);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return "gone";
    throw new UserError(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

async function finished(
  repository: Repository,
  entries: TreeEntry[],
  blobs: BlobStore,
  more: Pick<GitTreeOptions, "commit" | "odd">,
): Promise<GitTree> {
  const load = async (oids: readonly string[]) => {
    const missing = [...new Set(oids)].filter((oid) => !blobs.has(oid));
    if (missing.length > 0) await readObjects(repository, missing, blobs, entries);
  };
  // What a link outside of gitops/ leads to is judged too.
  const wanted = entries.filter(({ path, mode }) => (needed(path) && mode !== submodule) || mode === link);
  await load(wanted.map(({ oid }) => oid));
  const tree = new GitTree({ root: repository.root, entries, blobs, load, ...more });
  return tree;
}
