import { posix } from "node:path";
import { isOverride, type Special } from "../../model/special";
import { TreeSource, type Found } from "../../model/tree-source";
import { algorithmOf, hashed, link, submodule, type BlobStore, type TreeEntry } from "./git-objects";

export interface GitTreeOptions {
  root: string;
  entries: readonly TreeEntry[];
  blobs: BlobStore;
  load(oids: readonly string[]): Promise<void>;
  commit?: string | undefined;
  /** In the working tree, what is neither a file nor a directory, such as a pipe in place of a file. */
  odd?: ReadonlySet<string>;
}

/** Whether a path is in the part whose contents are always at hand. */
export const needed = (path: string): boolean => path === "gitops" || path.startsWith("gitops/");

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

  /** Looks a file up by its path. */
  entry(path: string): TreeEntry | undefined {
    return this.byPath.get(path);
  }

  /** The text of a file; undefined when there is none. */
  read(path: string): string | undefined {
    const entry = this.byPath.get(path);
    return entry && this.blobs.get(entry.oid)?.toString();
  }

  /** The same tree with other texts in some files, with new ones, and without those whose text is null; nothing is written. */
  with(files: readonly { path: string; text: string | null }[]): GitTree {
    const entries = new Map(this.byPath);
    for (const { path, text } of files) {
      if (text === null) {
        entries.delete(path);
        continue;
      }
      const { entry, content } = hashed(path, "100644", Buffer.from(text), algorithmOf(this.entries));
      entries.set(path, { ...entry, mode: entries.get(path)?.mode ?? entry.mode });
      this.blobs.put(entry.oid, content);
    }
    const { root, blobs, load } = this;
    return new GitTree({ root, blobs, load, entries: [...entries.values()] });
  }

  override special(): readonly Special[] {
    return this.entries.flatMap(({ path, mode, oid }): Special[] => {
      if (mode === submodule) return [{ path, kind: "submodule" }];
      if (mode === link) return [{ path, kind: "link", target: this.blobs.get(oid)!.toString() }];
      return isOverride(posix.basename(path)) ? [{ path, kind: "override" }] : [];
    });
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
