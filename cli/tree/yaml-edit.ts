import { isDeepStrictEqual } from "node:util";
import {
  Document,
  isMap,
  isScalar,
  isSeq,
  parse,
  parseDocument,
  stringify,
  visit,
  type Node,
  type YAMLMap,
} from "yaml";
import { isMapping, merge, type Mapping } from "../../model/mapping";
import { readYaml11 } from "../../model/yaml-1.1";
import { failure } from "../terminal/fail";

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

/** A text with one more entry in the list at a path; the same text when the entry is there already. */
export function withEntry(file: string, text: string, path: readonly string[], entry: string): string {
  const document = parsed(file, text);
  const list = document.getIn(path);
  if (!isSeq(list)) throw failure(`${file} has no list ${path.join(".")} to add "${entry}" to; add it by hand`);
  if (list.items.some((item) => isScalar(item) && item.value === entry)) return text;
  const last = list.items.at(-1);
  if (list.range && isScalar(last) && last.range) {
    const [, end] = last.range;
    const written = isPlain(entry) ? entry : JSON.stringify(entry);
    if (list.flow === true) return spliced(text, [{ start: end, end, text: `, ${written}` }]);
    const start = text.lastIndexOf("\n", last.range[0]) + 1;
    const dash = text.slice(start, last.range[0]);
    const next = text.indexOf("\n", end);
    const at = next < 0 ? text.length : next;
    if (/^\s*- +$/.test(dash)) return spliced(text, [{ start: at, end: at, text: `\n${dash}${written}` }]);
  }
  list.add(document.createNode(entry));
  quoteNew(document);
  return print(document);
}

/**
 * A text with another key and value in the place of an entry. Where nothing else stands behind it, its old value stays as a
 * comment.
 */
export function withEntryInstead(
  file: string,
  text: string,
  path: readonly string[],
  key: string,
  value: string,
): string {
  const map = parsed(file, text).getIn(path.slice(0, -1));
  const pair = isMap(map) ? map.items.find((item) => isScalar(item.key) && item.key.value === path.at(-1)) : undefined;
  if (!isMap(map) || !isScalar(pair?.key) || !isScalar(pair.value) || !pair.key.range || !pair.value.range)
    throw failure(`${file} has no ${path.join(".")} that can be replaced; change it by hand`);
  const [start, end] = [pair.value.range[0], pair.value.range[1]];
  const rest = text.slice(end).split("\n", 1)[0]!;
  const note = map.flow !== true && rest.trim() === "" ? ` # ${String(pair.value.value)}` : "";
  return spliced(text, [
    { start: pair.key.range[0], end: pair.key.range[1], text: key },
    { start, end, text: `${value}${note}` },
  ]);
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
    throw failure(`${file} cannot set ${path.join(".")}: ${where} not a mapping; change it by hand`);
  }
  const inner = path.slice(depth + 1).reduceRight((below, key) => ({ [key]: below }), value);
  document.setIn(path.slice(0, depth + 1), document.createNode(inner));
  quoteNew(document);
  return print(document);
}

/** A text with another number at a top-level key. */
export function withNumber(text: string, key: string, value: number): string {
  const document = parseDocument(text);
  const node = document.get(key, true);
  if (!isScalar(node) || !node.range) return text;
  return spliced(text, [{ start: node.range[0], end: node.range[1], text: String(value) }]);
}

/**
 * Gives a file the values of another one. Its comments and form stay: only the values that differ are replaced
 * in place. Added and removed keys are written by the YAML library, which keeps comments too.
 * @param target the file as it is; undefined when there is none yet
 * @param source the file whose values are wanted
 */
export function withValuesOf(target: string | undefined, source: string): string {
  // Nothing of a broken file can be kept.
  if (target === undefined || parseDocument(target).errors.length > 0) return source;
  const wanted = parse(source) as Mapping;
  return [scalarsReplaced, rewritten].map((edit) => edit(target, source)).find((text) => says(text, wanted)) ?? source;
}

/**
 * Lays the values of another file over those of a file, as Helm does. Comments and form of the file stay; what is new comes with
 * its own comments.
 * @param target the file as it is; undefined when there is none yet
 * @param source the file whose values win
 */
export function withMerged(target: string | undefined, source: string): string {
  if (target === undefined || !isMap(parseDocument(target).contents)) return source;
  const wanted = merge(parse(target) as Mapping, (parse(source) ?? {}) as Mapping);
  const edits = [scalarsLaidOver, nodesLaidOver];
  return (
    edits.map((edit) => edit(target, source)).find((text) => says(text, wanted)) ?? withValuesOf(target, toYaml(wanted))
  );
}

/** Replaces scalars in place; undefined when the file lacks one of them. */
function scalarsLaidOver(target: string, source: string): string | undefined {
  const edits: Edit[] = [];
  const walk = (to: unknown, from: unknown): boolean => {
    if (isMap(to) && isMap(from)) {
      return from.items.every(({ key, value }) => to.has(key) && walk(to.get(key, true), value));
    }
    if (!isScalar(to) || !isScalar(from) || !to.range || !from.range) return false;
    if (isDeepStrictEqual(to.value, from.value)) return true;
    edits.push({ start: to.range[0], end: to.range[1], text: source.slice(from.range[0], from.range[1]) });
    return true;
  };
  const from = parseDocument(source).contents;
  return from === null || walk(parseDocument(target).contents, from) ? spliced(target, edits) : undefined;
}

function nodesLaidOver(target: string, source: string): string | undefined {
  const document = parseDocument(target);
  const walk = (to: YAMLMap, from: YAMLMap): void => {
    for (const pair of from.items) {
      const [under, over] = [to.get(pair.key, true), pair.value];
      if (isMap(under) && isMap(over)) walk(under, over);
      else if (to.has(pair.key)) {
        if (isScalar(under) && isScalar(over)) over.comment ??= under.comment ?? null;
        to.set(pair.key, over);
      } else {
        // A comment before the first key is the mapping's.
        if (pair === from.items[0] && isScalar(pair.key)) pair.key.commentBefore ??= from.commentBefore ?? null;
        to.items.push(pair);
      }
    }
  };
  const from = parseDocument(source).contents;
  try {
    if (isMap(document.contents) && isMap(from)) walk(document.contents as YAMLMap, from as YAMLMap);
    return document.toString({ lineWidth: 0 });
  } catch {
    // An alias whose anchor is in the other file.
    return undefined;
  }
}

function says(text: string | undefined, wanted: Mapping): boolean {
  if (text === undefined) return false;
  const document = parseDocument(text);
  return document.errors.length === 0 && isDeepStrictEqual(document.toJS(), wanted);
}

/** Replaces differing scalars in place; undefined when more than scalars differs. */
function scalarsReplaced(target: string, source: string): string | undefined {
  const edits: Edit[] = [];
  const walk = (to: Node | null | undefined, from: Node | null | undefined): boolean => {
    if (isMap(to) && isMap(from)) {
      return (
        to.items.length === from.items.length &&
        from.items.every(({ key, value }) => to.has(key) && walk(to.get(key, true) as Node, value as Node))
      );
    }
    if (!isScalar(to) || !isScalar(from) || !to.range || !from.range) return false;
    if (isDeepStrictEqual(to.value, from.value)) return true;
    edits.push({ start: to.range[0], end: to.range[1], text: source.slice(from.range[0], from.range[1]) });
    return true;
  };
  return walk(parseDocument(target).contents, parseDocument(source).contents) ? spliced(target, edits) : undefined;
}

function rewritten(target: string, source: string): string {
  const document: Document = parseDocument(target);
  const write = (path: string[], values: Mapping): void => {
    const present = document.getIn(path);
    if (isMap(present)) {
      for (const { key } of [...present.items]) {
        const name = String(isScalar(key) ? key.value : key);
        if (!Object.hasOwn(values, name)) document.deleteIn([...path, name]);
      }
    }
    for (const [key, value] of Object.entries(values)) {
      const inner = [...path, key];
      const node = document.getIn(inner, true);
      if (isDeepStrictEqual(isMap(node) ? node.toJSON() : document.getIn(inner), value)) continue;
      // A tag only applied to the old value.
      if (isScalar(node)) delete node.tag;
      if (isMapping(value) && isMap(node)) write(inner, value);
      else document.setIn(inner, value);
    }
  };
  write([], parse(source) as Mapping);
  return document.toString({ lineWidth: 0 });
}

interface Edit {
  start: number;
  end: number;
  text: string;
}

/** A text with pieces of it replaced. */
function spliced(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((changed, edit) => changed.slice(0, edit.start) + edit.text + changed.slice(edit.end), text);
}

function parsed(file: string, text: string): Document {
  const document = parseDocument(text) as Document;
  if (document.errors.length > 0) throw failure(`${file} is not valid YAML; mend it first`);
  try {
    document.toJS();
  } catch (error) {
    throw failure(`${file} is not valid YAML (${(error as Error).message}); mend it first`, error);
  }
  return document;
}

/** Whether a text needs no quotes: neither for YAML, nor for Helm, which would read `yes` as true and `0o7` as seven. */
function isPlain(text: string): boolean {
  return stringify(text, { version: "1.1", lineWidth: 0 }) === `${text}\n` && readYaml11(text) === undefined;
}

/** Quotes new texts and keys where they need it; texts of several lines are written as block scalars. */
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

function print(document: Document): string {
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}
