import { createHash } from "node:crypto";
import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { git, GitError } from "../../machine/git";
import { UserError } from "../../model/errors";
import type { Repository } from "./git";

/** Git's modes of what can be in a tree. */
export type Mode = "100644" | "100755" | "120000" | "160000";

export interface TreeEntry {
  path: string;
  mode: string;
  oid: string;
}

/** File contents by object id, shared by all trees of a run. */
export class BlobStore {
  private readonly contents = new Map<string, Buffer>();

  has(oid: string): boolean {
    return this.contents.has(oid);
  }

  get(oid: string): Buffer | undefined {
    return this.contents.get(oid);
  }

  put(oid: string, content: Buffer): void {
    this.contents.set(oid, content);
  }
}

/** The files of a commit or of the working tree. Everything below gitops/ has its content at hand. */
export interface GitTree {
  /** The commit; undefined for the working tree. */
  commit?: string;
  entries: readonly TreeEntry[];
  /** Looks a file up by its path; symbolic links are not followed. */
  entry(path: string): TreeEntry | undefined;
  /** The text of a file; undefined when there is none. */
  read(path: string): string | undefined;
  /** Contents outside gitops/ are read when they are asked for. */
  load(oids: readonly string[]): Promise<void>;
  /** In the working tree, what the index has and what is no file any more, such as a pipe in its place. */
  gone?: readonly string[];
}

const needed = (path: string): boolean => path.startsWith("gitops/");

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
  return finished(repository, entries, blobs, commit);
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
  const algorithm = [...entries.values()][0]?.oid.length === 64 ? "sha256" : "sha1";
  const gone: string[] = [];
  for (const line of touched.toString().split("\0")) {
    const path = line.slice(2);
    if (path === "" || path.endsWith("/")) continue;
    const read = readWorking(repository.root, path, algorithm);
    if (!read) {
      if (entries.delete(path)) gone.push(path);
    } else {
      entries.set(path, read.entry);
      blobs.put(read.entry.oid, read.content);
    }
  }
  return { ...(await finished(repository, [...entries.values()], blobs)), gone };
}

/** A tree in which some files have other texts, or are new; nothing is written. */
export function overlaidTree(
  tree: GitTree,
  files: readonly { path: string; text: string }[],
  blobs: BlobStore,
): GitTree {
  const entries = new Map(tree.entries.map((entry) => [entry.path, entry]));
  const algorithm = tree.entries[0]?.oid.length === 64 ? "sha256" : "sha1";
  for (const { path, text } of files) {
    const { entry, content } = hashed(path, "100644", Buffer.from(text), algorithm);
    entries.set(path, { ...entry, mode: entries.get(path)?.mode ?? entry.mode });
    blobs.put(entry.oid, content);
  }
  return {
    entries: [...entries.values()],
    entry: (path) => entries.get(path),
    read(path) {
      const entry = entries.get(path);
      return entry && blobs.get(entry.oid)?.toString();
    },
    load: (oids) => tree.load(oids),
  };
}

/** A file of the working tree with the object id that Git would give it; undefined when it is gone or no file. */
function readWorking(root: string, path: string, algorithm: string): { entry: TreeEntry; content: Buffer } | undefined {
  const full = join(root, path);
  try {
    const stats = lstatSync(full);
    if (stats.isSymbolicLink()) {
      return hashed(path, "120000", Buffer.from(readlinkSync(full)), algorithm);
    }
    if (!stats.isFile()) return undefined;
    return hashed(path, (stats.mode & 0o100) !== 0 ? "100755" : "100644", readFileSync(full), algorithm);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new UserError(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

function hashed(path: string, mode: Mode, content: Buffer, algorithm: string) {
  return { entry: { path, mode, oid: objectId(content, algorithm) }, content };
}

/** The object id that Git gives to a content. */
export function objectId(content: Buffer, algorithm = "sha1"): string {
  return createHash(algorithm).update(`blob ${content.length}\0`).update(content).digest("hex");
}

async function finished(
  repository: Repository,
  entries: TreeEntry[],
  blobs: BlobStore,
  commit?: string,
): Promise<GitTree> {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const load = async (oids: readonly string[]) => {
    const missing = [...new Set(oids)].filter((oid) => !blobs.has(oid));
    if (missing.length > 0) await readObjects(repository, missing, blobs, entries);
  };
  await load(entries.filter(({ path, mode }) => needed(path) && mode !== "160000").map(({ oid }) => oid));
  return {
    ...(commit === undefined ? {} : { commit }),
    entries,
    entry: (path) => byPath.get(path),
    read(path) {
      const entry = byPath.get(path);
      return entry && blobs.get(entry.oid)?.toString();
    },
    load,
  };
}

/** Reads many objects with one process. */
async function readObjects(
  repository: Repository,
  oids: string[],
  blobs: BlobStore,
  entries: TreeEntry[],
): Promise<void> {
  const asked = `${oids.join("\n")}\n`;
  const out = await git(repository.root, ["cat-file", "--batch"], asked).catch((error: unknown) => {
    // A clone without blobs asks its remote for them.
    const why =
      error instanceof GitError ? /^fatal: could not fetch (\w+) from promisor remote$/m.exec(error.reason) : null;
    if (!why) throw error;
    const path = entries.find(({ oid }) => oid === why[1])?.path ?? why[1];
    throw new UserError(
      `the content of ${path} is not in this clone, which has no blobs, and its remote does not answer: try again when it does, or clone without --filter`,
      { cause: error },
    );
  });
  let at = 0;
  for (const oid of oids) {
    const end = out.indexOf(10, at);
    const [, type, size] = out.toString("latin1", at, end).split(" ");
    if (type !== "blob") {
      const path = entries.find((entry) => entry.oid === oid)?.path ?? oid;
      throw new UserError(
        `the content of ${path} is not in this clone (a partial clone, or a damaged one): run git fetch, or clone again without --filter`,
      );
    }
    const length = Number(size);
    blobs.put(oid, out.subarray(end + 1, end + 1 + length));
    at = end + 1 + length + 1;
  }
}
