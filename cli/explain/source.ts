import { isUtf8 } from "node:buffer";
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar } from "yaml";
import { describeNode, YamlFile } from "../../model/document";

/** A value of a file that knows its line; a mapping has its entries as children. */
export interface Sourced {
  /** The value; of a mapping without its children's lines. */
  value: unknown;
  /** Line of the key, or of the value where there is no key. */
  line: number;
  children?: Map<string, Sourced>;
}

/** Why a file gives no values: one sentence and its line. */
export interface SourceFault {
  line: number;
  message: string;
}

/** Largest file that is read for its values, in bytes; Kubernetes stores no object above 1.5 MiB. */
export const maxSourceSize = 1024 * 1024;

const maxDepth = 100;
/** Most values that one file may unfold into through its aliases. */
const maxValues = 100_000;

/** Reads a values file as Helm does (YAML 1.1 booleans and octals, aliases, merge keys); an empty one is an empty mapping. */
export function readSource(path: string, content: Buffer): { root?: Sourced; fault?: SourceFault } {
  if (content.length > maxSourceSize) {
    const size = Math.ceil(content.length / maxSourceSize);
    return fault(1, `this file has ${size} MiB; values above ${maxSourceSize / 1024 / 1024} MiB are not read`);
  }
  if (!isUtf8(content) || content.includes(0)) return fault(1, "this file is no UTF-8 text");
  const file = new YamlFile(path, content.toString());
  const found = file.findings[0];
  if (found !== undefined) return fault(found.line, found.message);
  if (file.root === null || (isScalar(file.root) && file.root.value === null)) {
    return { root: { value: {}, line: 1, children: new Map() } };
  }
  try {
    const root = new Reader(file).read(file.root, file.line(file.root), 0);
    if (root.children !== undefined) return { root };
    return fault(root.line, `the file is ${describeNode(file.root)}, not a mapping`);
  } catch (error) {
    if (error instanceof TooMuch) return fault(1, "the file nests or repeats itself beyond what anybody can read");
    throw error;
  }
}

function fault(line: number, message: string): { fault: SourceFault } {
  return { fault: { line, message } };
}

class TooMuch extends Error {}

class Reader {
  private values = 0;

  constructor(private readonly file: YamlFile) {}

  read(node: Node | null | undefined, line: number, depth: number): Sourced {
    if (++this.values > maxValues || depth > maxDepth) throw new TooMuch();
    const target = isAlias(node) ? this.file.resolve(node) : node;
    if (isMap(target)) return this.mapping(target.items as Pair<Node, Node | null>[], line, depth);
    if (isSeq(target)) {
      const items = target.items.map((item) => this.read(item as Node, line, depth + 1).value);
      return { value: items, line };
    }
    return { value: isScalar(target) ? scalarValue(target) : null, line };
  }

  private mapping(items: readonly Pair<Node, Node | null>[], line: number, depth: number): Sourced {
    const merged = new Map<string, Sourced>();
    const own = new Map<string, Sourced>();
    for (const { key, value } of items) {
      const name = isScalar(key) ? String(key.value) : String(key);
      if (name === "<<") this.merge(value, merged, this.file.line(key), depth);
      else own.set(name, this.read(value, this.file.line(key), depth + 1));
    }
    const children = new Map([...merged, ...own]);
    return { value: plain(children), line, children };
  }

  /** `<<` takes the entries of one mapping or of a list of them, of which earlier ones win. */
  private merge(value: Node | null, into: Map<string, Sourced>, line: number, depth: number): void {
    const target = isAlias(value) ? this.file.resolve(value) : value;
    const sources = isSeq(target) ? (target.items as Node[]) : [target];
    for (const source of [...sources].reverse()) {
      for (const [name, child] of this.read(source, line, depth + 1).children ?? []) into.set(name, child);
    }
  }
}

/** The value of a mapping, also with a key such as `__proto__`. */
export function plain(children: ReadonlyMap<string, { value: unknown }>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, { value }] of children) {
    Object.defineProperty(result, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return result;
}

function scalarValue(node: Scalar): unknown {
  const { value, source } = node;
  if (node.type === "PLAIN" && !node.tag) {
    const text = source ?? String(value);
    if (/^(y|Y|yes|Yes|YES|on|On|ON)$/.test(text)) return true;
    if (/^(n|N|no|No|NO|off|Off|OFF)$/.test(text)) return false;
    if (/^[-+]?0[0-7]+$/.test(text)) return Number.parseInt(text.replace(/^([-+]?)0/, "$1"), 8);
  }
  return typeof value === "bigint" ? Number(value) : value;
}
