/**
 * Characters that change in which order a person reads the ones around them, and are not seen themselves. A text that holds them may
 * read as another one than Argo CD takes it for.
 */
const directional = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const codeOf = (char: string) => char.codePointAt(0)!.toString(16).padStart(4, "0");

/** Shows such characters by their names, such as `<U+202E>`. */
export function nameDirectional(text: string): string {
  return text.replace(directional, (char) => `<U+${codeOf(char).toUpperCase()}>`);
}

/** Writes them as JSON and double-quoted YAML do, such as `\u202e`, so that the text stays the same. */
export function escapeDirectional(text: string): string {
  return text.replace(directional, (char) => `\\u${codeOf(char)}`);
}

export function isDirectional(text: string): boolean {
  return text.search(directional) >= 0;
}

/** An output of the tool as it is shown: what is JSON stays the same JSON. */
export function shown(output: string): string {
  if (!isDirectional(output)) return output;
  return isJson(output) ? escapeDirectional(output) : nameDirectional(output);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
