import { Document, isMap, isScalar, isSeq, parse, parseDocument, stringify, visit } from "yaml";
import { helmYaml, readYaml11 } from "../../../model/yaml-1.1";
import { failure, usageError } from "../../terminal/fail";

/** YAML as the tree writes it: one line per value, short lists in one line. */
export function toYaml(value: object): string {
  const short = (item: unknown) => Array.isArray(item) && item.every((entry) => typeof entry === "string");
  const document = new Document(value);
  quoteNew(document);
  const walk = (node: unknown): void => {
    if (isSeq(node) && short(node.toJSON())) node.flow = true;
    else if (isMap(node)) for (const { value: inner } of node.items) walk(inner);
    else if (isSeq(node)) node.items.forEach(walk);
  };
  walk(document.contents);
  return print(document);
}

/** A text with one more entry in the list at a path; the same text when it is in it already. */
export function withEntry(file: string, text: string, path: readonly string[], entry: string): string {
  const document = parsed(file, text);
  const list = document.getIn(path);
  if (!isSeq(list)) throw failure(`${file} has no list ${path.join(".")} to add "${entry}" to; add it by hand`);
  if (list.items.some((item) => isScalar(item) && item.value === entry)) return text;
  const last = list.items.at(-1);
  if (list.range && isScalar(last) && last.range) {
    const [, end] = last.range;
    const written = isPlain(entry) ? entry : JSON.stringify(entry);
    if (list.flow === true) return `${text.slice(0, end)}, ${written}${text.slice(end)}`;
    const start = text.lastIndexOf("\n", last.range[0]) + 1;
    const dash = text.slice(start, last.range[0]);
    const next = text.indexOf("\n", end);
    const at = next < 0 ? text.length : next;
    if (/^\s*- +$/.test(dash)) return `${text.slice(0, at)}\n${dash}${written}${text.slice(at)}`;
  }
  list.add(document.createNode(entry));
  quoteNew(document);
  return print(document);
}

/** A text with a value at a path, which must not be there yet. */
export function withValue(file: string, text: string, path: readonly string[], value: unknown): string {
  const document = parsed(file, text);
  if (document.hasIn(path)) throw failure(`${file} sets ${path.join(".")} already; change it there`);
  if (document.contents === null) document.contents = document.createNode({});
  let depth = path.length;
  while (depth > 0 && (document.getIn(path.slice(0, depth)) ?? null) === null) depth--;
  if (!isMap(document.getIn(path.slice(0, depth)))) {
    const where = depth === 0 ? "its values are" : `${path.slice(0, depth).join(".")} is`;
    throw failure(`${file} cannot set ${path.join(".")}: ${where} no mapping; change it by hand`);
  }
  const inner = path.slice(depth + 1).reduceRight((below, key) => ({ [key]: below }), value);
  document.setIn(path.slice(0, depth + 1), document.createNode(inner));
  quoteNew(document);
  return print(document);
}

function parsed(file: string, text: string): Document {
  const document = parseDocument(text) as Document;
  if (document.errors.length > 0) throw failure(`${file} is no valid YAML; mend it first`);
  try {
    document.toJS();
  } catch (error) {
    throw failure(`${file} is no valid YAML (${(error as Error).message}); mend it first`, error);
  }
  return document;
}

/** Whether a text needs no quotes: neither for YAML, nor for Helm, which would read `yes` as true and `0o7` as seven. */
function isPlain(text: string): boolean {
  return stringify(text, { version: "1.1", lineWidth: 0 }) === `${text}\n` && readYaml11(text) === undefined;
}

/** Puts texts and keys that nobody wrote yet in quotes where they need them; those of many lines are written as such. */
function quoteNew(document: Document): void {
  visit(document, {
    Pair: (_, pair) => {
      if (typeof pair.key === "string") pair.key = document.createNode(pair.key);
    },
    Scalar: (_, node) => {
      if (node.range || typeof node.value !== "string" || node.value.includes("\n")) return;
      if (!isPlain(node.value)) node.type = "QUOTE_DOUBLE";
    },
  });
}

/** A text in which the number at a top-level key is another one. */
export function withNumber(text: string, key: string, value: number): string {
  const document = parseDocument(text);
  const node = document.get(key, true);
  if (!isScalar(node) || !node.range) return text;
  return text.slice(0, node.range[0]) + String(value) + text.slice(node.range[1]);
}

function print(document: Document): string {
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** `--set a.b=1` as the path and the value; values are read as Helm reads YAML. */
export function parseSettings(words: readonly string[]): { path: string[]; value: unknown }[] {
  return words.map((word) => {
    const [, key = "", value = ""] = /^([^=]*)=(.*)$/s.exec(word) ?? [];
    const path = key.split(".");
    if (key === "" || path.includes("")) throw usageError(`--set takes KEY=VALUE, found "${word}"`);
    try {
      return { path, value: readYaml11(value.trim()) ?? (parse(value, helmYaml) as unknown) };
    } catch {
      throw usageError(`the value of --set ${key} is no YAML: "${value}"`);
    }
  });
}

/** Settings as one values file. */
export function settingsText(settings: readonly { path: string[]; value: unknown }[]): string {
  return settings.reduce((text, { path, value }) => withValue("--set", text, path, value), "");
}
