import type { PlanField } from "./types";

/** A line of a difference. */
export interface DiffLine {
  sign: "-" | "+";
  text: string;
}

/** A digest of something else, such as the settings a pod was started with: it differs wherever that differs. */
const digest = /\b[0-9a-f]{32,128}\b/g;

/** A text without digests, but an image's, which is the change itself. */
export function withoutDigests(text: string): string {
  return text.replace(digest, (found, at: number) =>
    text.slice(Math.max(0, at - 7), at) === "sha256:" ? found : "digest",
  );
}

/** A value on one line. */
export function valueText(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? (value === "" ? '""' : value) : JSON.stringify(value);
}

/** What a field says on each side, as lines marked like a diff: common lines of long texts are left out. */
export function fieldLines({ from, to, masked }: PlanField): DiffLine[] {
  if (masked && from !== undefined && to !== undefined && valueText(from) === valueText(to)) {
    return [{ sign: "+", text: "a secret, changed" }];
  }
  if (isDigest(from) && isDigest(to)) return [{ sign: "+", text: "a checksum, changed" }];
  const [old, fresh] = [linesOf(from), linesOf(to)];
  if (old.length <= 1 && fresh.length <= 1) return [...marked("-", old), ...marked("+", fresh)];
  return changedLines(old, fresh);
}

function isDigest(value: unknown): boolean {
  return typeof value === "string" && /^[0-9a-f]{32,128}$/.test(value);
}

function linesOf(value: unknown): string[] {
  if (value === undefined) return [];
  return typeof value === "string" && value.includes("\n") ? value.replace(/\n$/, "").split("\n") : [valueText(value)];
}

function marked(sign: DiffLine["sign"], lines: readonly string[]): DiffLine[] {
  return lines.map((text) => ({ sign, text }));
}

/** Most cells of the table that finds common lines; longer texts only lose their common start and end. */
const tableLimit = 250_000;

function changedLines(old: readonly string[], fresh: readonly string[]): DiffLine[] {
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start++;
  let end = 0;
  while (end < old.length - start && end < fresh.length - start && old.at(-1 - end) === fresh.at(-1 - end)) end++;
  const a = old.slice(start, old.length - end);
  const b = fresh.slice(start, fresh.length - end);
  return a.length * b.length > tableLimit ? [...marked("-", a), ...marked("+", b)] : longestCommon(a, b);
}

function longestCommon(a: readonly string[], b: readonly string[]): DiffLine[] {
  const width = b.length + 1;
  const table = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i * width + j] =
        a[i] === b[j]
          ? table[(i + 1) * width + j + 1]! + 1
          : Math.max(table[(i + 1) * width + j]!, table[i * width + j + 1]!);
    }
  }
  const out: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && table[(i + 1) * width + j]! >= table[i * width + j + 1]!)) {
      out.push({ sign: "-", text: a[i++]! });
    } else {
      out.push({ sign: "+", text: b[j++]! });
    }
  }
  return out;
}
