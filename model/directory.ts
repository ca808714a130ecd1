import { lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync, type Stats } from "node:fs";
import { join, posix } from "node:path";
import { UserError } from "./errors";
import { isOverride, type Special } from "./special";
import { findTree, TreeSource, type Found } from "./tree-source";

/** The tree as it is in a directory, including files that Git ignores or does not track. */
export class Directory extends TreeSource {
  private readonly found = new Map<string, Found | undefined>();
  private readonly names = new Map<string, readonly string[]>();
  private readonly place: string;

  /** @throws UserError when there is no such directory */
  constructor(root: string) {
    super(root);
    try {
      this.place = realpathSync(root);
    } catch (error) {
      throw new UserError(`${root} cannot be read; ${findTree}`, { cause: error });
    }
  }

  override special(): readonly Special[] {
    return this.specialIn(".");
  }

  private specialIn(directory: string): Special[] {
    return this.namesIn(directory).flatMap((name): Special[] => {
      const path = posix.join(directory, name);
      const found = this.look(path);
      if (found?.kind === "link") return [{ path, ...found }];
      if (isOverride(name)) return [{ path, kind: "override" }];
      if (found?.kind !== "directory" || name === ".git") return [];
      return this.look(`${path}/.git`) ? [{ path, kind: "submodule" }] : this.specialIn(path);
    });
  }

  protected override look(path: string): Found | undefined {
    if (!this.found.has(path))
      this.found.set(path, this.isBelowLink(path) ? undefined : this.lookAt(join(this.place, path)));
    return this.found.get(path);
  }

  protected override namesIn(directory: string): readonly string[] {
    const names = this.names.get(directory) ?? readdirSync(join(this.place, directory));
    this.names.set(directory, names);
    return names;
  }

  protected override contentOf(path: string): Buffer {
    return readFileSync(join(this.place, path));
  }

  private isBelowLink(path: string): boolean {
    const above = posix.dirname(path);
    return above !== "." && this.look(above)?.kind !== "directory";
  }

  private lookAt(full: string): Found | undefined {
    let stats: Stats | undefined;
    try {
      stats = lstatSync(full, { throwIfNoEntry: false });
    } catch (error) {
      // ENOTDIR: a part of the path is a file, so nothing is below it.
      if ((error as NodeJS.ErrnoException).code !== "ENOTDIR") throw error;
    }
    if (stats === undefined) return undefined;
    if (stats.isSymbolicLink()) return { kind: "link", target: readlinkSync(full) };
    if (stats.isDirectory()) return { kind: "directory" };
    return stats.isFile() ? { kind: "file", size: stats.size } : { kind: "other" };
  }
}
