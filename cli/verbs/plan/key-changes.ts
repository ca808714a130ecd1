import { isDeepStrictEqual } from "node:util";
import { YamlFile } from "../../../model/document";
import { formatPath, lineAt, valueOf, type Step } from "../../tree/values/yaml";
import { isMapping, merge } from "../../../model/mapping";

/** A key that differs between two versions of a file. */
export interface KeyChange {
  path: Step[];
  key: string;
  line: number;
  /** The side whose file has that line. */
  side: "base" | "head";
}

/** One document of a file, with the number of lines before it. */
interface Part {
  file: YamlFile;
  linesBefore: number;
}

/** A YAML file that is parsed when it is first asked for. Several documents are merged as Helm does. */
export class LazyYaml {
  private parsed?: { parts: Part[]; value: unknown } | undefined;

  /** @param open parses the file; @param text the file itself, which is asked for when it has several documents */
  constructor(
    private readonly open: () => YamlFile,
    private readonly text: () => string,
  ) {}

  private read(): { parts: Part[]; value: unknown } {
    if (this.parsed === undefined) {
      const file = this.open();
      const parts = file.root === null ? documentsOf(file.file, this.text()) : [{ file, linesBefore: 0 }];
      this.parsed = { parts, value: parts.map(({ file }) => readable(file)).reduce(laidOver, undefined) };
    }
    return this.parsed;
  }

  get value(): unknown {
    return this.read().value;
  }

  /** The line of the last document that has the path. */
  line(path: readonly Step[]): number | undefined {
    for (const { file, linesBefore } of [...this.read().parts].reverse()) {
      const line = lineAt(file, path);
      if (line !== undefined) return line + linesBefore;
    }
    return undefined;
  }
}

/** The documents of a file as Helm separates them: k8s.io/apimachinery, pkg/util/yaml/decoder.go, YAMLReader. */
function documentsOf(path: string, text: string): Part[] {
  const parts: Part[] = [];
  let linesBefore = 0;
  for (const part of text.split(/^(?=---[ \t]*(?:#.*)?\r?$)/m)) {
    parts.push({ file: new YamlFile(path, part), linesBefore });
    linesBefore += part.split("\n").length - 1;
  }
  return parts;
}

function laidOver(below: unknown, above: unknown): unknown {
  return isMapping(below) && isMapping(above) ? merge(below, above) : (above ?? below);
}

/** A file that cannot be read has no keys; the file itself is then the cause. */
function readable(file: YamlFile): unknown {
  try {
    return valueOf(file);
  } catch {
    return undefined;
  }
}

/** The innermost keys that differ between two versions of a file, in the order of their lines. */
export function keyChanges(before: LazyYaml | undefined, after: LazyYaml | undefined): KeyChange[] {
  const found: KeyChange[] = [];
  const note = (path: Step[], side: "base" | "head") => {
    const file = side === "base" ? before : after;
    found.push({ path, key: formatPath(path), line: file?.line(path) ?? 1, side });
  };
  const walk = (from: unknown, to: unknown, path: Step[]) => {
    if (isMapping(from) && isMapping(to)) {
      for (const key of Object.keys(to)) if (!Object.hasOwn(from, key)) added(to[key], [...path, key], "head");
      for (const key of Object.keys(from)) {
        if (Object.hasOwn(to, key)) walk(from[key], to[key], [...path, key]);
        else added(from[key], [...path, key], "base");
      }
    } else if (Array.isArray(from) && Array.isArray(to)) {
      walkItems(from, to, path);
    } else if (!isDeepStrictEqual(from, to)) {
      if (path.length > 0) note(path, "head");
    }
  };
  // Items have no names here: when some are added or removed, the first that differs represents them.
  const walkItems = (from: readonly unknown[], to: readonly unknown[], path: Step[]) => {
    if (from.length === to.length) {
      to.forEach((item, index) => walk(from[index], item, [...path, index]));
      return;
    }
    const longer = to.length > from.length ? to : from;
    const at = longer.findIndex((_, index) => !isDeepStrictEqual(from[index], to[index]));
    note([...path, at], longer === to ? "head" : "base");
  };
  const added = (value: unknown, path: Step[], side: "base" | "head") => {
    if (!isMapping(value) || Object.keys(value).length === 0) note(path, side);
    else for (const [key, inner] of Object.entries(value)) added(inner, [...path, key], side);
  };
  walk(before?.value ?? {}, after?.value ?? {}, []);
  return found.sort((a, b) => a.line - b.line || (a.key < b.key ? -1 : 1));
}

/** Whether a value file sets a key, or a key above it whose value replaces everything below. */
export function sets(value: unknown, path: readonly Step[]): boolean {
  let at: unknown = value;
  for (const step of path) {
    if (!isMapping(at)) return at !== undefined && at !== null;
    if (!Object.hasOwn(at, String(step))) return false;
    at = at[String(step)];
  }
  return at !== undefined && !isMapping(at);
}
