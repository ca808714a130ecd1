import type { YamlFile } from "../../../../model/document";
import { compareText, type Finding } from "../../../../model/findings";
import type { TreeSource } from "../../../../model/tree-source";
import type { At } from "../at";
import { faultOfSpecial } from "./special";

/** The files below `gitops` in one version of the tree, as the rules read them. */
export class SourceFiles {
  readonly paths: readonly string[];
  /** What cannot be read as text, or must not be there, and why. A link has one fault at most. */
  readonly faults: readonly Finding[];
  private readonly known: ReadonlySet<string>;
  private readonly documents = new Map<string, YamlFile>();

  constructor(private readonly tree: TreeSource) {
    const found = tree.below("gitops");
    this.paths = found.flatMap(({ kind, path }) => (kind === "file" ? [path] : [])).sort(compareText);
    const unreadable = found.flatMap((entry) => (entry.kind === "fault" ? [entry.fault] : []));
    const blamed = new Set(unreadable.map(({ file }) => file));
    this.faults = [
      ...unreadable,
      ...tree.special().flatMap((special) => (blamed.has(special.path) ? [] : (faultOfSpecial(special) ?? []))),
    ];
    this.known = new Set(this.paths);
  }

  has(path: string): boolean {
    return this.known.has(path);
  }

  /** The text of a file that is there. */
  text(path: string): string {
    return this.tree.text(path)!;
  }

  /** The text of a file of the repository outside of `gitops`; undefined when there is none. */
  outside(path: string): string | undefined {
    return this.tree.text(path);
  }

  /** The parsed YAML of a file that is there, with what was found in it. */
  yaml(path: string): YamlFile {
    let document = this.documents.get(path);
    if (document === undefined) this.documents.set(path, (document = this.tree.yaml(path)!));
    return document;
  }
}

/** The first line of a file that contains a text; the file as a whole when no line does. */
export function lineOfText(files: SourceFiles, at: At, text: string): At {
  const index = files.has(at.file)
    ? files
        .text(at.file)
        .split("\n")
        .findIndex((line) => line.includes(text))
    : -1;
  return index < 0 ? at : { ...at, line: index + 1 };
}

/** The first line of a file that changed; 1 for a file that was added or removed. */
export function firstChangedLine(files: SourceFiles, before: SourceFiles, path: string): number {
  if (!files.has(path) || !before.has(path)) return 1;
  const [now, old] = [files, before].map((version) => version.text(path).split("\n")) as [string[], string[]];
  const index = now.findIndex((line, at) => line !== old[at]);
  return index < 0 ? Math.max(now.length, 1) : index + 1;
}
