/** The patterns that an AppProject may have. test/fixtures/argocd/patterns.yaml is held against the libraries that Argo CD uses. */

const compiled = new Map<string, RegExp | undefined>();

/**
 * Whether a text fits a pattern of repositories or destinations, as gobwas/glob reads it: `*` and `?` stop at a separator, `**`
 * does not; `[a-z]`, `[!a-z]`, `{one,two}` and `\` are understood. A pattern that is wrong fits nothing.
 */
export function fitsGlob(pattern: string, text: string, separator = ""): boolean {
  return fits(`glob${separator}`, pattern, text, () => globSource(pattern, separator));
}

/** Whether a text fits a pattern of groups, kinds or names of resources, as Go's filepath.Match reads it. */
export function fitsPath(pattern: string, text: string): boolean {
  return fits("path", pattern, text, () => pathSource(pattern));
}

function fits(kind: string, pattern: string, text: string, source: () => string): boolean {
  const key = `${kind} ${pattern}`;
  if (!compiled.has(key)) compiled.set(key, expressionOf(source));
  return compiled.get(key)?.test(text) ?? false;
}

function expressionOf(source: () => string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${source()})$`, "su");
  } catch {
    return undefined;
  }
}

class WrongPattern extends Error {}

function globSource(pattern: string, separator: string): string {
  const one = separator === "" ? "." : `[^${escaped(separator)}]`;
  let source = "";
  let depth = 0;
  for (const [token] of pattern.matchAll(/\*\*+|\\.|\[(?:!?(?:\\.|[^\]\\])+)\]|./gsu)) {
    if (/^\*\*/.test(token)) source += ".*";
    else if (token === "*") source += `${one}*`;
    else if (token === "?") source += one;
    else if (token === "{") {
      source += "(?:";
      depth++;
    } else if (token === "}" && depth > 0) {
      source += ")";
      depth--;
    } else if (token === "," && depth > 0) source += "|";
    else if (token.length > 1 && token.startsWith("[")) source += globSet(token.slice(1, -1));
    else if (token === "[" || token === "\\") throw new WrongPattern();
    else source += escaped(token.replace(/^\\/, ""));
  }
  if (depth > 0) throw new WrongPattern();
  return source;
}

function pathSource(pattern: string): string {
  let source = "";
  for (const [token] of pattern.matchAll(/\\.|\[\^?(?:\\.|[^\]\\])+\]|./gsu)) {
    if (token === "*") source += "[^/]*";
    else if (token === "?") source += "[^/]";
    else if (token.length > 1 && token.startsWith("[")) source += pathSet(token.slice(1, -1));
    else if (token === "[" || token === "\\") throw new WrongPattern();
    else source += escaped(token.replace(/^\\/, ""));
  }
  return source;
}

/** gobwas/glob: one range, or single characters, among which `-` is one too. */
function globSet(content: string): string {
  const negated = content.startsWith("!");
  const set = negated ? content.slice(1) : content;
  const characters = [...set];
  if (characters[1] === "-") {
    if (characters.length !== 3) throw new WrongPattern();
    return setSource(negated, [{ low: characters[0]!, high: characters[2]! }]);
  }
  return setSource(negated, each(set));
}

/** filepath.Match: single characters and ranges; `-` only with a backslash. */
function pathSet(content: string): string {
  const negated = content.startsWith("^");
  const characters = each(negated ? content.slice(1) : content);
  const ranges: Range[] = [];
  for (let i = 0; i < characters.length; i++) {
    const isRange = characters[i + 1]?.isDash ?? false;
    const [low, high] = [characters[i]!, characters[isRange ? i + 2 : i]];
    if (low.isDash || high === undefined || high.isDash) throw new WrongPattern();
    ranges.push({ low: low.low, high: high.high });
    if (isRange) i += 2;
  }
  return setSource(negated, ranges);
}

interface Range {
  low: string;
  high: string;
}

/** The characters of a set, without the backslashes before them. */
function each(set: string): (Range & { isDash: boolean })[] {
  return [...set.matchAll(/\\.|./gsu)].map(([token]) => {
    const one = token.replace(/^\\/, "");
    return { low: one, high: one, isDash: token === "-" };
  });
}

function setSource(negated: boolean, ranges: readonly Range[]): string {
  if (ranges.length === 0) throw new WrongPattern();
  const inSet = (character: string) => escaped(character).replace("-", "\\-");
  const parts = ranges.filter(({ low, high }) => low <= high).map(({ low, high }) => `${inSet(low)}-${inSet(high)}`);
  // A range that ends before it begins holds nothing.
  if (parts.length === 0) return negated ? "[^]" : "[]";
  return `[${negated ? "^" : ""}${parts.join("")}]`;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
