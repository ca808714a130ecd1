import { createHash } from "node:crypto";
import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { join, posix } from "node:path";
import { git, GitError } from "../../machine/git";
import type { ParsedYaml } from "../../model/document";
import { UserError } from "../../model/errors";
import { isOverride, type Special } from "../../model/special";
import { TreeSource, type Found } from "../../model/tree-source";
import type { Repository } from "./git";

export interface TreeEntry {
  path: string;
  /** As Git writes it: 100644, 100755, 120000 for a link, 160000 for a submodule. */
  mode: string;
  oid: string;
}

/** File contents by object id, and what was parsed of them, shared by all trees of a run. */
export class BlobStore {
  readonly documents = new Map<string, ParsedYaml>();
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

interface GitTreeOptions {
  root: string;
  entries: readonly TreeEntry[];
  blobs: BlobStore;
  load(oids: readonly string[]): Promise<void>;
  commit?: string | undefined;
  /** In the working tree, what is neither a file nor a directory, such as a pipe in place of a file. */
  odd?: ReadonlySet<string>;
}

/** The files of a commit or of the working tree. Everything below gitops/ has its content at hand. */
export class GitTree extends TreeSource {
  /** The commit; undefined for the working tree. */
  readonly commit: string | undefined;
  readonly entries: readonly TreeEntry[];
  /** Contents outside gitops/ are read on demand. */
  readonly load: GitTreeOptions["load"];
  private readonly blobs: BlobStore;
  private readonly odd: ReadonlySet<string>;
  private readonly byPath: ReadonlyMap<string, TreeEntry>;
  private names: Map<string, string[]> | undefined;

  constructor({ root, entries, blobs, load, commit, odd = new Set() }: GitTreeOptions) {
    super(root, blobs.documents);
    this.commit = commit;
    this.entries = entries;
    this.blobs = blobs;
    this.load = load;
    this.odd = odd;
    this.byPath = new Map(entries.map((entry) => [entry.path, entry]));
  }

  /** Looks a file up by its path; symbolic links are not followed. */
  entry(path: string): TreeEntry | undefined {
    return this.byPath.get(path);
  }

  /** The text of a file, or of the file that a link leads to; undefined when there is none. */
  read(path: string): string | undefined {
    const entry = this.byPath.get(path);
    return entry && this.blobs.get(entry.oid)?.toString();
  }

  /** The same tree with other texts in some files, or new ones; nothing is written. */
  with(files: readonly { path: string; text: string }[]): GitTree {
    const entries = new Map(this.byPath);
    for (const { path, text } of files) {
      const { entry, content } = hashed(path, "100644", Buffer.from(text), algorithmOf(this.entries));
      entries.set(path, { ...entry, mode: entries.get(path)?.mode ?? entry.mode });
      this.blobs.put(entry.oid, content);
    }
    const { root, blobs, load } = this;
    return new GitTree({ root, blobs, load, entries: [...entries.values()] });
  }

  /** Ids of files outside gitops/ that links inside it lead to. */
  linked(): string[] {
    const oids = new Set<string>();
    const links = this.entries.filter(({ path, mode }) => needed(path) && mode === link);
    for (const { path } of links) {
      const real = this.realPath(path);
      if (real === undefined || needed(real)) continue;
      for (const entry of this.entries) {
        if (oids.has(entry.oid) || entry.mode === submodule) continue;
        if (entry.path !== real && !entry.path.startsWith(`${real}/`)) continue;
        oids.add(entry.oid);
        if (entry.mode === link) links.push(entry);
      }
    }
    return [...oids];
  }

  override special(): readonly Special[] {
    return this.entries.flatMap(({ path, mode, oid }): Special[] => {
      if (mode === submodule) return [{ path, kind: "submodule" }];
      if (mode === link) return [{ path, kind: "link", target: this.blobs.get(oid)!.toString() }];
      return isOverride(posix.basename(path)) ? [{ path, kind: "override" }] : [];
    });
  }

  /** In Git nothing stands below a link. */
  protected override isPlain(path: string): boolean {
    return this.byPath.get(path)?.mode.startsWith("100") ?? false;
  }

  protected override look(path: string): Found | undefined {
    const entry = this.byPath.get(path);
    if (entry === undefined || entry.mode === submodule) {
      if (this.odd.has(path)) return { kind: "other" };
      return this.directories.has(path) ? { kind: "directory" } : undefined;
    }
    const content = this.blobs.get(entry.oid);
    return entry.mode === link
      ? { kind: "link", target: content?.toString() ?? "" }
      : { kind: "file", size: content?.length ?? 0 };
  }

  protected override namesIn(directory: string): readonly string[] {
    return this.directories.get(directory) ?? [];
  }

  protected override contentOf(path: string): Buffer {
    return this.blobs.get(this.byPath.get(path)!.oid)!;
  }

  private get directories(): ReadonlyMap<string, string[]> {
    if (this.names) return this.names;
    const names = new Map<string, string[]>([[".", []]]);
    const add = (path: string): void => {
      const directory = posix.dirname(path);
      const known = names.get(directory);
      if (known === undefined) {
        names.set(directory, [posix.basename(path)]);
        add(directory);
      } else known.push(posix.basename(path));
    };
    for (const { path, mode } of this.entries) if (mode !== submodule) add(path);
    for (const path of this.odd) add(path);
    return (this.names = names);
  }
}

export const link = "120000";
const submodule = "160000";

const needed = (path: string): boolean => path === "gitops" || path.startsWith("gitops/");

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

interface Hashed {
  entry: TreeEntry;
  content: Buffer;
}

function algorithmOf([first]: readonly TreeEntry[]): string {
  return first?.oid.length === 64 ? "sha256" : "sha1";
}

function hashed(path: string, mode: string, content: Buffer, algorithm: string): Hashed {
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
  more: Pick<GitTreeOptions, "commit" | "odd">,
): Promise<GitTree> {
  const load = async (oids: readonly string[]) => {
    const missing = [...new Set(oids)].filter((oid) => !blobs.has(oid));
    if (missing.length > 0) await readObjects(repository, missing, blobs, entries);
  };
  // Links may lead out of gitops/, so the targets of all links are read, wherever the links are.
  const wanted = entries.filter(({ path, mode }) => (needed(path) && mode !== submodule) || mode === link);
  await load(wanted.map(({ oid }) => oid));
  const tree = new GitTree({ root: repository.root, entries, blobs, load, ...more });
  await load(tree.linked());
  return tree;
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
      `the content of ${path} is not in this clone, which was cloned without blobs, and its remote does not answer: try again when it does, or clone without --filter; a program that the settings of the clone name for it (core.sshCommand, credential.helper) is not used, set it with git config --global`,
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
