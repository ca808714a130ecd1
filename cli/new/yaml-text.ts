import { isMap, isScalar, isSeq, parse, parseDocument, stringify, type Document } from "yaml";
import { failure, usageError } from "../fail";

/** YAML as the tree writes it: one line per value, short lists in one line. */
export function toYaml(value: object): string {
  const short = (item: unknown) => Array.isArray(item) && item.every((entry) => typeof entry === "string");
  const document = parseDocument(stringify(value, { lineWidth: 0, version: "1.1" }));
  const walk = (node: unknown): void => {
    if (isSeq(node) && short(node.toJSON())) node.flow = true;
    else if (isMap(node)) for (const { value: inner } of node.items) walk(inner);
    else if (isSeq(node)) node.items.forEach(walk);
  };
  walk(document.contents);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** A text with one more entry in the list at a path; the same text when it is in it already. */
export function withEntry(file: string, text: string, path: readonly string[], entry: string): string {
  const document = parseDocument(text);
  const list = document.getIn(path);
  if (!isSeq(list)) throw failure(`${file} has no list ${path.join(".")} to add "${entry}" to; add it by hand`);
  if (list.items.some((item) => isScalar(item) && item.value === entry)) return text;
  const last = list.items.at(-1);
  if (list.range && isScalar(last) && last.range) {
    const [, end] = last.range;
    if (list.flow === true) return `${text.slice(0, end)}, ${entry}${text.slice(end)}`;
    const start = text.lastIndexOf("\n", last.range[0]) + 1;
    const dash = text.slice(start, last.range[0]);
    const next = text.indexOf("\n", end);
    const at = next < 0 ? text.length : next;
    if (/^\s*- +$/.test(dash)) return `${text.slice(0, at)}\n${dash}${entry}${text.slice(at)}`;
  }
  list.add(entry);
  return print(document);
}

/** A text with a value at a path, which must not be there yet. */
export function withValue(file: string, text: string, path: readonly string[], value: unknown): string {
  const document: Document = parseDocument(text);
  if (document.errors.length > 0) throw failure(`${file} is no valid YAML; mend it first`);
  if (document.hasIn(path)) throw failure(`${file} sets ${path.join(".")} already; change it there`);
  if (document.contents === null) document.contents = document.createNode({});
  document.setIn([...path], quoted(document.createNode(value)));
  return print(document);
}

/** Texts such as `yes` in quotes, which Helm would read as true without. */
function quoted<T>(node: T): T {
  if (isScalar(node) && typeof node.value === "string") {
    if (stringify(node.value, { version: "1.1" }) !== `${node.value}\n`) node.type = "QUOTE_DOUBLE";
  } else if (isSeq(node)) node.items.forEach(quoted);
  else if (isMap(node)) for (const { value } of node.items) quoted(value);
  return node;
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
      return { path, value: parse(value, { version: "1.1" }) as unknown };
    } catch {
      throw usageError(`the value of --set ${key} is no YAML: "${value}"`);
    }
  });
}

/** Settings as one values file. */
export function settingsText(settings: readonly { path: string[]; value: unknown }[]): string {
  return settings.reduce((text, { path, value }) => withValue("--set", text, path, value), "");
}
