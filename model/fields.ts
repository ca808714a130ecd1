import { isMap, isScalar, isSeq, type Node, type Pair } from "yaml";
import { describeNode, type YamlFile } from "./document";
import { labelRule, isDnsLabel, isDomain, nearestName, offerNames, toDnsLabel } from "./names";
import type { RuleId } from "./rules";
import { readYaml11 } from "./yaml-1.1";

/** Reads values of one shape. A value that does not fit becomes a finding of the file and is read as undefined. */
export interface Shape<T> {
  /** What is allowed there, as part of a sentence. */
  readonly expected: string;
  /** @param key the dotted path of the value inside the file, for messages */
  read(file: YamlFile, node: Node, key: string): T | undefined;
}

/** One key of a mapping. */
export interface Field<T> {
  readonly shape: Shape<Exclude<T, undefined>>;
  readonly required: boolean;
  /** One sentence for the reference page. */
  readonly doc: string;
}

/** The keys that a mapping may have; every other key is a finding. */
export type Fields<T> = { readonly [K in keyof T]-?: Field<T[K]> };

export interface MappingOptions {
  /** Keys that are refused with advice of their own: from key to what to do. */
  readonly refused?: Readonly<Record<string, string>>;
  /** Id of the rule that refuses these keys, or of each; default unknown-key. */
  readonly refusedRule?: RuleId | ((key: string) => RuleId);
}

export function required<T>(shape: Shape<T>, doc: string): Field<T> {
  return { shape: shape as Shape<Exclude<T, undefined>>, required: true, doc };
}

export function optional<T>(shape: Shape<T>, doc: string): Field<T | undefined> {
  return { shape: shape as Shape<Exclude<T, undefined>>, required: false, doc };
}

/** A mapping with a closed set of keys. */
export interface Mapping<T> extends Shape<T> {
  /** The keys that fit, also when others are wrong, so that checks across files can use them. */
  partial(file: YamlFile, node: Node, key: string): Partial<T>;
}

/** Reads a whole file as one shape of value. */
export function readRoot<T>(file: YamlFile, shape: Shape<T>): T | undefined {
  return file.root ? shape.read(file, file.root, "") : emptyRoot(file, shape);
}

/** Reads those keys that fit from a file that is one mapping. */
export function readPartialRoot<T extends object>(file: YamlFile, shape: Mapping<T>): Partial<T> {
  return file.root ? shape.partial(file, file.root, "") : (emptyRoot(file, shape) ?? {});
}

/** A mapping with a closed set of keys; reading it gives undefined when a key is missing or any value does not fit. */
export function mapping<T extends object>(fields: Fields<T>, options: MappingOptions = {}): Mapping<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  const expected = `a mapping with the keys ${names.join(", ")}`;
  const refused: Readonly<Record<string, string>> = { "<<": "write the keys out", ...options.refused };

  function known(file: YamlFile, items: readonly Pair[], key: string): Map<string, Pair> {
    const found = new Map<string, Pair>();
    for (const pair of items) {
      const keyNode = pair.key as Node;
      const name = isScalar(keyNode) ? String(keyNode.value) : describeNode(keyNode);
      found.set(name, pair);
      if (Object.hasOwn(fields, name)) continue;
      const { refusedRule = "unknown-key" } = options;
      const ruleOf = typeof refusedRule === "string" ? () => refusedRule : refusedRule;
      const rule = Object.hasOwn(options.refused ?? {}, name) ? ruleOf(name) : "unknown-key";
      const fix = Object.hasOwn(refused, name) ? refused[name]! : offerKey(name, names);
      file.report(rule, keyNode, `unknown key "${join(key, name)}"`, fix);
    }
    return found;
  }

  function partial(file: YamlFile, node: Node, key: string): Partial<T> {
    if (!isMap(node)) return wrongType(file, node, key, expected) ?? {};
    const found = known(file, node.items as Pair[], key);
    const result: Partial<T> = {};
    for (const name of names) {
      const { shape, required: must } = fields[name];
      const pair = found.get(name);
      if (pair) {
        const value = readValue(file, pair.value as Node | null, pair.key as Node, shape, join(key, name));
        if (value !== undefined) result[name] = value;
      } else if (must && !found.has("<<")) {
        file.report("missing-key", node, `key "${join(key, name)}" is missing`, `add it: ${shape.expected}`);
      }
    }
    return result;
  }

  return {
    expected,
    partial,
    read(file, node, key) {
      const before = file.findings.length;
      const result = partial(file, node, key);
      return file.findings.length === before ? (result as T) : undefined;
    },
  };
}

/** A list without repeated entries. */
export function list<T extends string | number | object>(item: Shape<T>, { min = 0 } = {}): Shape<T[]> {
  const expected = `a list, each entry ${item.expected}`;
  return {
    expected,
    read(file, node, key) {
      if (!isSeq(node)) return wrongType(file, node, key, expected);
      if (node.items.length < min) return wrongType(file, node, key, `at least ${min} entry`, "an empty list");
      const values: T[] = [];
      let sound = true;
      for (const [index, entry] of node.items.entries()) {
        const entryNode = entry as Node;
        const value = readValue(file, entryNode, entryNode, item, `${key}[${index}]`);
        if (value === undefined) sound = false;
        else if (typeof value === "string" && values.includes(value)) {
          sound = false;
          file.report("duplicate-entry", entryNode, `${key} has "${value}" twice`, "keep it once");
        } else values.push(value);
      }
      return sound ? values : undefined;
    },
  };
}

/** A mapping of one entry or more whose keys are not known beforehand; both its keys and its values have a shape. */
export function entries<K extends string, T>(keys: Shape<K>, item: Shape<T>): Shape<Record<K, T>> {
  const expected = `a mapping from ${keys.expected} to ${item.expected}`;
  return {
    expected,
    read(file, node, key) {
      if (!isMap(node)) return wrongType(file, node, key, expected);
      if (node.items.length === 0) return wrongType(file, node, key, `${expected}, or leave ${key} out`, "empty");
      const before = file.findings.length;
      const found: Partial<Record<K, T>> = {};
      for (const { key: nameNode, value } of node.items as Pair[]) {
        const name = keys.read(file, nameNode as Node, `a key of ${key}`);
        const label = isScalar(nameNode) ? String(nameNode.value) : describeNode(nameNode as Node);
        const entry = readValue(file, value as Node | null, nameNode as Node, item, join(key, label));
        if (name !== undefined && entry !== undefined) found[name] = entry;
      }
      return file.findings.length === before ? (found as Record<K, T>) : undefined;
    },
  };
}

/**
 * Text that passes a check. The check returns undefined when the text is right, and otherwise what to do. Where the message must
 * not quote the value, it also returns what is wrong with the key.
 */
export function text(
  expected: string,
  check: (value: string) => string | { rule: RuleId; is: string; fix: string } | undefined = () => undefined,
  rule: RuleId = "wrong-value",
): Shape<string> {
  return {
    expected,
    read(file, node, key) {
      if (!isScalar(node) || node.value === null || node.value === "") return wrongType(file, node, key, expected);
      if (typeof node.value !== "string") {
        const fix = `put it in quotes: "${node.source ?? String(node.value)}"`;
        file.report("wrong-type", node, `${key} is ${describeNode(node)}, not text`, fix);
        return undefined;
      }
      const helm = node.type === "PLAIN" ? readYaml11(node.value) : undefined;
      if (helm !== undefined) {
        // YAML 1.2 has fewer booleans and numbers; Helm and Argo CD still read YAML 1.1.
        const what = typeof helm === "boolean" ? "true or false" : `the number ${helm}`;
        const fix = `put it in quotes: "${node.value}"`;
        file.report("wrong-type", node, `${key} is ${node.value}, which Helm reads as ${what}`, fix);
        return undefined;
      }
      const found = check(node.value);
      if (found === undefined) return node.value;
      if (typeof found === "string") file.report(rule, node, `${key} is "${node.value}"`, found);
      else file.report(found.rule, node, `${key} ${found.is}`, found.fix);
      return undefined;
    },
  };
}

/** A DNS label. */
export const label: Shape<string> = text(
  "a DNS label",
  (value) => {
    if (isDnsLabel(value)) return undefined;
    const near = toDnsLabel(value);
    return near === undefined ? `use a DNS label: ${labelRule}` : `use a DNS label such as "${near}": ${labelRule}`;
  },
  "bad-name",
);

/** A DNS name of two labels or more. */
export const domain: Shape<string> = text(
  "a domain such as dev.example.com",
  (value) => (isDomain(value) ? undefined : "use a lowercase domain such as dev.example.com"),
  "bad-name",
);

/** One of a closed set of names. */
export function oneOf<const T extends string>(names: readonly T[], rule: RuleId = "wrong-value"): Shape<T> {
  return text(`one of ${names.join(", ")}`, (value) => offering(value, names), rule) as Shape<T>;
}

/** What to write instead of a name that is not in a closed set; undefined for one that is in it. */
export function offering(value: string, names: readonly string[]): string | undefined {
  return names.includes(value) ? undefined : offerNames(value, names);
}

export const flag: Shape<boolean> = {
  expected: "true or false",
  read(file, node, key) {
    if (isScalar(node) && typeof node.value === "boolean") return node.value;
    return wrongType(file, node, key, flag.expected);
  },
};

/** A whole number, at least `min`. */
export function integer(min: number): Shape<number> {
  const expected = `a whole number, at least ${min}`;
  return {
    expected,
    read(file, node, key) {
      if (isScalar(node) && Number.isSafeInteger(node.value) && (node.value as number) >= min) {
        const value = node.value as number;
        const helm = readYaml11(node.source ?? "");
        if (helm === undefined || helm === value) return value;
        const message = `${key} is ${node.source}, which Helm reads as the number ${helm}`;
        return void file.report("wrong-type", node, message, `write ${value} or ${helm}`);
      }
      return wrongType(file, node, key, expected);
    },
  };
}

function wrongType(file: YamlFile, node: Node, key: string, expected: string, is = describeNode(node)): undefined {
  file.report("wrong-type", node, `${key === "" ? "the file" : key} is ${is}`, `write ${expected}`);
}

function offerKey(name: string, keys: readonly string[]): string {
  const near = nearestName(name, keys);
  return near === undefined ? `remove it (allowed: ${keys.join(", ")})` : `did you mean "${near}"?`;
}

/** Reads a value that may be an alias or missing; `place` is where a finding points when it is missing. */
function readValue<T>(file: YamlFile, node: Node | null, place: Node, shape: Shape<T>, key: string): T | undefined {
  const value = file.resolve(node);
  if (value && !(isScalar(value) && value.value === null)) return shape.read(file, value, key);
  return wrongType(file, place, key, shape.expected, "empty");
}

function emptyRoot(file: YamlFile, shape: Shape<unknown>): undefined {
  if (file.findings.length === 0) file.report("wrong-type", 1, "the file is empty", `write ${shape.expected}`);
}

function join(key: string, name: string): string {
  return key === "" ? name : `${key}.${name}`;
}
