/** One step of a field's path: a key, or in brackets an item's name or index. */
export interface PathStep {
  text: string;
  bracket: boolean;
}

/** Reads a path of the renderer: `spec.containers[web].env[A].value`, `data["a.b"]`. */
export function parsePath(path: string): PathStep[] {
  const steps: PathStep[] = [];
  let at = 0;
  while (at < path.length) {
    if (path[at] === ".") {
      at++;
    } else if (path[at] === "[") {
      const { text, end } = path[at + 1] === '"' ? quoted(path, at + 1) : bare(path, at + 1);
      // A quoted key is a key of a mapping like any other.
      steps.push({ text, bracket: path[at + 1] !== '"' });
      at = end;
    } else {
      const end = path.slice(at).search(/[.[]/);
      const stop = end < 0 ? path.length : at + end;
      steps.push({ text: path.slice(at, stop), bracket: false });
      at = stop;
    }
  }
  return steps;
}

function quoted(path: string, start: number): { text: string; end: number } {
  const found = /^"(?:[^"\\]|\\.)*"/.exec(path.slice(start))?.[0];
  if (found === undefined) return bare(path, start);
  return { text: unquote(found), end: start + found.length + 1 };
}

/** Go's quoting has escapes that JSON cannot read, such as \x00; such a text is taken as it is. */
function unquote(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return text.slice(1, -1);
  }
}

function bare(path: string, start: number): { text: string; end: number } {
  const close = path.indexOf("]", start);
  const stop = close < 0 ? path.length : close;
  return { text: path.slice(start, stop), end: stop + 1 };
}

/** Whether a path is the prefix, or lies below it. */
export function isBelow(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[`);
}
