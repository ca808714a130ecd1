import { isUtf8 } from "node:buffer";
import { readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { YamlFile } from "../../../../model/document";
import { compareText, type Finding } from "../../../../model/findings";
import { maxFileSize } from "../../../../model/files";
import type { At } from "../at";

/** The files below `gitops` in one version of the tree. Each is read and parsed at most once. */
export class SourceFiles {
  readonly paths: readonly string[];
  private readonly documents = new Map<string, YamlFile>();
  private readonly texts = new Map<string, string>();

  /**
   * @param readers how to read each file, by its path from the root of the tree, with forward slashes
   * @param faults what cannot be read as text, and why
   */
  constructor(
    private readonly readers: ReadonlyMap<string, () => string>,
    readonly faults: readonly Finding[] = [],
  ) {
    this.paths = [...readers.keys()].sort(compareText);
  }

  has(path: string): boolean {
    return this.readers.has(path);
  }

  /** The text of a file that is there. */
  text(path: string): string {
    let text = this.texts.get(path);
    if (text === undefined) {
      text = this.readers.get(path)!();
      this.texts.set(path, text);
    }
    return text;
  }

  /** The parsed YAML of a file that is there. */
  yaml(path: string): YamlFile {
    let document = this.documents.get(path);
    if (document === undefined) {
      document = new YamlFile(path, this.text(path));
      this.documents.set(path, document);
    }
    return document;
  }

  /** Those of the files that are among some paths, with the faults of those. */
  only(paths: ReadonlySet<string>): SourceFiles {
    const readers = new Map([...this.readers].filter(([path]) => paths.has(path)));
    return new SourceFiles(
      readers,
      this.faults.filter(({ file }) => paths.has(file)),
    );
  }

  /** The same files, but for some: a path without a reader is not there. */
  with(changes: ReadonlyMap<string, (() => string) | undefined>): SourceFiles {
    const readers = new Map<string, () => string>();
    for (const path of this.paths) if (!changes.has(path)) readers.set(path, () => this.text(path));
    for (const [path, reader] of changes) if (reader) readers.set(path, reader);
    return new SourceFiles(readers);
  }
}

/** Reads the working tree below `root`/gitops; hidden files are left out, and nothing outside of the root is read. */
export function readWorkingTree(root: string): SourceFiles {
  const walk = new Walk(realpathSync(root));
  walk.directory("gitops", new Set());
  return new SourceFiles(walk.readers, walk.faults);
}

/** The first line of a file that holds a text; the file as a whole when none does. */
export function lineOfText(files: SourceFiles, at: At, text: string): At {
  const index = files.has(at.file)
    ? files
        .text(at.file)
        .split("\n")
        .findIndex((line) => line.includes(text))
    : -1;
  return index < 0 ? at : { ...at, line: index + 1 };
}

/** The first line of a file that is not what it was; 1 for one that is new or gone. */
export function firstChangedLine(files: SourceFiles, before: SourceFiles, path: string): number {
  if (!files.has(path) || !before.has(path)) return 1;
  const [now, old] = [files, before].map((version) => version.text(path).split("\n")) as [string[], string[]];
  const index = now.findIndex((line, at) => line !== old[at]);
  return index < 0 ? Math.max(now.length, 1) : index + 1;
}

class Walk {
  readonly readers = new Map<string, () => string>();
  readonly faults: Finding[] = [];

  constructor(private readonly root: string) {}

  /** @param above real paths of the directories that lead here, so that a link to one of them ends the walk */
  directory(path: string, above: ReadonlySet<string>): void {
    const real = realpathSync(join(this.root, path));
    const inside = new Set([...above, real]);
    for (const entry of readdirSync(real, { withFileTypes: true })) {
      if (entry.name.startsWith(".")) continue;
      const child = `${path}/${entry.name}`;
      if (entry.isDirectory()) this.directory(child, inside);
      else if (entry.isFile()) this.file(child);
      else if (entry.isSymbolicLink()) this.link(child, inside);
      else this.fault("bad-link", child, "this is neither a file nor a directory", "remove it");
    }
  }

  private link(path: string, above: ReadonlySet<string>): void {
    const full = join(this.root, path);
    const fix = "put the file itself there";
    let real: string;
    try {
      real = realpathSync(full);
    } catch {
      this.fault("bad-link", path, `this symbolic link to ${readlinkSync(full)} leads nowhere`, fix);
      return;
    }
    if (!real.startsWith(this.root + sep)) {
      this.fault("bad-link", path, `this symbolic link to ${readlinkSync(full)} leads out of the tree`, fix);
    } else if (!statSync(real).isDirectory()) {
      this.file(path);
    } else if (above.has(real)) {
      this.fault("bad-link", path, `this symbolic link to ${readlinkSync(full)} leads back to itself`, fix);
    } else {
      this.directory(path, above);
    }
  }

  private file(path: string): void {
    const full = join(this.root, path);
    try {
      const { size } = statSync(full);
      if (size > maxFileSize) {
        const fix = "keep the tree to what people write; large data belongs into an artifact";
        return this.fault("unreadable-file", path, `this file is larger than ${maxFileSize / 1024 / 1024} MiB`, fix);
      }
      const content = readFileSync(full);
      if (/\.(ya?ml|json|tpl|txt)$/.test(path) && (!isUtf8(content) || content.includes(0))) {
        return this.fault("unreadable-file", path, "this file is no UTF-8 text", "save it as UTF-8, or remove it");
      }
      this.readers.set(path, () => content.toString("utf8"));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? String(error);
      this.fault("unreadable-file", path, `this file cannot be read (${code})`, "mend its permissions, or remove it");
    }
  }

  private fault(rule: string, file: string, message: string, fix: string): void {
    this.faults.push({ rule, severity: "error", file, line: 1, message, fix });
  }
}
