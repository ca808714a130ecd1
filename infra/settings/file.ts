import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { isMap, isPair, isScalar, LineCounter, parseDocument } from "yaml";

/** The one name of the project, as in Pulumi.yaml: settings are `onebranch:<name>`. */
export const projectName = "onebranch";

/** Reads a file by its path from the root of the checkout; `undefined` when it is not there. Replaced in tests. */
export type ReadFile = (path: string) => string | undefined;

/** Reads from the checkout at `root`. */
export function fileReader(root: string): ReadFile {
  return (path) => {
    try {
      return readFileSync(resolve(root, path), "utf8");
    } catch {
      return undefined;
    }
  };
}

/** One key of Pulumi.<stack>.yaml. */
export interface StackFileEntry {
  line: number;
  /** The text of a plain value; `undefined` for lists and for `secure:` values. */
  text?: string;
  /** Whether the value is encrypted (`secure:`). */
  secure: boolean;
}

/** The `onebranch:` keys of one Pulumi.<stack>.yaml, with their places. */
export interface StackFile {
  path: string;
  entries: ReadonlyMap<string, StackFileEntry>;
}

/**
 * The settings in Pulumi.<stack>.yaml; `undefined` when there is no such file. It is read for positions and
 * for what other stacks claim; the values that are used come from Pulumi.
 */
export function readStackFile(stack: string, read: ReadFile): StackFile | undefined {
  const path = `Pulumi.${stack}.yaml`;
  const text = read(path);
  if (text === undefined) return undefined;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const config = document.get("config");
  const entries = new Map<string, StackFileEntry>();
  if (isMap(config)) {
    for (const pair of config.items) {
      if (!isPair(pair) || !isScalar(pair.key)) continue;
      const [namespace, name] = String(pair.key.value).split(":", 2);
      if (namespace !== projectName || name === undefined) continue;
      entries.set(name, {
        line: lines.linePos(pair.key.range?.[0] ?? 0).line,
        secure: isMap(pair.value) && pair.value.has("secure"),
        ...(isScalar(pair.value) ? { text: String(pair.value.value) } : {}),
      });
    }
  }
  return { path, entries };
}
