import { isDeepStrictEqual } from "node:util";
import { isMap, isScalar, parse, parseDocument, type Document, type Node } from "yaml";

type Values = Record<string, unknown>;

/**
 * The text of a pin file that says the same as another one. Comments and form of the file stay: only the values that
 * differ are replaced where they stand; keys that come or go are written by the YAML library, which keeps comments too.
 * @param target the file as it is; undefined when there is none yet
 * @param source the file whose values are wanted
 */
export function pinText(target: string | undefined, source: string): string {
  if (target === undefined) return source;
  const wanted = parse(source) as Values;
  // Nothing of a broken file can be kept.
  if (parseDocument(target).errors.length > 0) return source;
  return [spliced, rewritten].map((edit) => edit(target, source)).find((text) => says(text, wanted)) ?? source;
}

function says(text: string | undefined, wanted: Values): boolean {
  if (text === undefined) return false;
  const document = parseDocument(text);
  return document.errors.length === 0 && isDeepStrictEqual(document.toJS(), wanted);
}

/** Replaces differing scalars in place; undefined when more than scalars differs. */
function spliced(target: string, source: string): string | undefined {
  const edits: { start: number; end: number; text: string }[] = [];
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
  if (!walk(parseDocument(target).contents, parseDocument(source).contents)) return undefined;
  return edits
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end, text: piece }) => text.slice(0, start) + piece + text.slice(end), target);
}

function rewritten(target: string, source: string): string {
  const document: Document = parseDocument(target);
  const write = (path: string[], values: Values): void => {
    const present = document.getIn(path);
    if (isMap(present)) {
      for (const { key } of [...present.items]) {
        const name = String(isScalar(key) ? key.value : key);
        if (!Object.hasOwn(values, name)) document.deleteIn([...path, name]);
      }
    }
    for (const [key, value] of Object.entries(values)) {
      const inner = [...path, key];
      if (isDeepStrictEqual(plain(document.getIn(inner)), value)) continue;
      const node = document.getIn(inner, true);
      // A tag says how the old value was written.
      if (isScalar(node)) delete node.tag;
      if (typeof value === "object" && value !== null && isMap(node)) write(inner, value as Values);
      else document.setIn(inner, value);
    }
  };
  write([], parse(source) as Values);
  return document.toString({ lineWidth: 0 });
}

function plain(node: unknown): unknown {
  return isMap(node) ? node.toJSON() : node;
}
