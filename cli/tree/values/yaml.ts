import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap } from "yaml";
import type { YamlFile } from "../../../model/document";
import { readYaml11 } from "../../../model/yaml-1.1";
import { define, isMapping, type Mapping } from "../../../model/mapping";
import type { TreeSource } from "../../../model/tree-source";

/** A step into a value: a key of a mapping, or an index of a list. */
export type Step = string | number;

/** The deepest nesting that is read; a value file with deeper nesting is a mistake or an attack. */
const maxDepth = 100;

/** How many nodes one file may expand to through its aliases. */
const maxNodes = 100_000;

/** The value of a whole file as Helm reads it: YAML 1.1 booleans, merge keys, aliases. An empty file is undefined. */
export function valueOf(file: YamlFile): unknown {
  let nodes = 0;
  const read = (node: Node | null | undefined, depth: number): unknown => {
    if (++nodes > maxNodes || depth > maxDepth) throw new TooDeep();
    const target = isAlias(node) ? file.resolve(node) : node;
    if (isMap(target)) return readMap(target.items as Pair<Node, Node | null>[], depth);
    if (isSeq(target)) return target.items.map((item) => read(item as Node, depth + 1));
    return isScalar(target) ? scalar(target) : null;
  };
  const readMap = (items: readonly Pair<Node, Node | null>[], depth: number): Record<string, unknown> => {
    const result: Record<string, unknown> = {};
    const merged: Record<string, unknown> = {};
    for (const { key, value } of items) {
      const name = keyName(key);
      const found = read(value, depth + 1);
      if (name !== "<<") define(result, name, found);
      else
        for (const part of [found].flat().reverse())
          for (const [key, inner] of entriesOf(part)) define(merged, key, inner);
    }
    return Object.keys(merged).length === 0 ? result : { ...merged, ...result };
  };
  return file.root ? read(file.root, 0) : undefined;
}

/** The mapping in a file of a tree; empty when the file is missing or cannot be read. */
export function mappingAt(tree: TreeSource, path: string): Mapping {
  const file = tree.yaml(path);
  try {
    const value = file && valueOf(file);
    return isMapping(value) ? value : {};
  } catch (error) {
    if (error instanceof TooDeep) return {};
    throw error;
  }
}

/** The value file is nested too deeply, or its aliases expand to too much, to be judged. */
export class TooDeep extends Error {}

/** The line of the key at a path, or undefined when the file does not set it. */
export function lineAt(file: YamlFile, path: readonly Step[]): number | undefined {
  let node: Node | null = file.root;
  let line = file.line(node);
  for (const step of path) {
    node = file.resolve(node);
    if (isMap(node)) {
      const pair = pairOf(file, node as MapNode, String(step));
      if (!pair) return undefined;
      line = file.line(pair.key);
      node = pair.value;
    } else if (isSeq(node) && typeof step === "number") {
      node = (node.items[step] as Node | undefined) ?? null;
      if (node === null) return undefined;
      line = file.line(node);
    } else {
      return undefined;
    }
  }
  return line;
}

type MapNode = YAMLMap<Node, Node | null>;

/** A key of a mapping, or of the mappings that are merged into it: the first of these wins. */
function pairOf(file: YamlFile, map: MapNode, key: string, depth = 0): Pair<Node, Node | null> | undefined {
  const own = map.items.find((pair) => keyName(pair.key) === key);
  if (own !== undefined || depth > maxDepth) return own;
  for (const merge of map.items.filter((pair) => keyName(pair.key) === "<<")) {
    const parts = file.resolve(merge.value);
    for (const part of isSeq(parts) ? parts.items : [parts]) {
      const inner = file.resolve(part as Node | null);
      const found = isMap(inner) ? pairOf(file, inner as MapNode, key, depth + 1) : undefined;
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** A path as people write it: `image.tag`, `args[0]`. */
export function formatPath(path: readonly Step[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    const name = /^[^.[\]\s]+$/.test(step) ? step : JSON.stringify(step);
    return text === "" ? name : `${text}.${name}`;
  }, "");
}

/** How the YAML 1.1 readers of Helm and Argo CD read a scalar. */
function scalar(node: Scalar): unknown {
  if (node.type === "PLAIN" && ["string", "number"].includes(typeof node.value)) {
    const value = readYaml11(node.source ?? "");
    if (value !== undefined) return value;
  }
  return typeof node.value === "bigint" ? Number(node.value) : node.value;
}

/** Keys are read like values, and then written as text: `on` is the key "true". */
function keyName(key: Node | null): string {
  return String(isScalar(key) ? scalar(key) : key);
}

function entriesOf(part: unknown): [string, unknown][] {
  return isMapping(part) ? Object.entries(part) : [];
}
