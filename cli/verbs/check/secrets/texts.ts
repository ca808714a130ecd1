import { isMapping } from "../../../../model/mapping";

/** A value inside a longer text, such as a configuration file that is one value of a ConfigMap. */
export interface Assignment {
  name: string;
  value: string;
  /** Counted from 0. */
  line: number;
}

/** `password: x`, `db.password = x`, `export TOKEN="x"`: one for each line, whatever the language of the text is. */
const assignment =
  /^\s*(?:export\s+|-\s+|set\s+)?["']?([\w.-]{1,80})["']?\s*[:=]\s*(?:"([^"]*)"|'([^']*)'|(\S+))[,;]?\s*$/;

/** What a text of several lines, or a JSON text, sets. Prose has no line that is a name and one word. */
export function assignmentsIn(text: string): Assignment[] {
  const json = /^\s*[[{]/.test(text) ? parsed(text) : undefined;
  if (json !== undefined)
    return [...scalars(json)].map(({ name, value }) => ({ name, value, line: lineOf(text, name) }));
  if (!text.includes("\n")) return [];
  return text.split("\n").flatMap((line, index) => {
    const [, name, ...values] = assignment.exec(line) ?? [];
    const value = values.find((one) => one !== undefined);
    return name === undefined || value === undefined ? [] : { name, value, line: index };
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function* scalars(value: unknown, name = ""): Generator<{ name: string; value: string }> {
  if (Array.isArray(value)) for (const item of value) yield* scalars(item, name);
  else if (isMapping(value)) for (const [key, item] of Object.entries(value)) yield* scalars(item, key);
  else if (typeof value === "string") yield { name, value };
}

function lineOf(text: string, name: string): number {
  const at = text.indexOf(`"${name}"`);
  return at < 0 ? 0 : text.slice(0, at).split("\n").length - 1;
}
