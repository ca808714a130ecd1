import { diffArrays } from "diff";
import { isDigest } from "../../tree/changes/same-change";
import type { PlanField } from "./types";

/** A line of a difference. */
export interface DiffLine {
  sign: "-" | "+";
  text: string;
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

function linesOf(value: unknown): string[] {
  if (value === undefined) return [];
  return typeof value === "string" && value.includes("\n") ? value.replace(/\n$/, "").split("\n") : [valueText(value)];
}

function marked(sign: DiffLine["sign"], lines: readonly string[]): DiffLine[] {
  return lines.map((text) => ({ sign, text }));
}

/** Longer texts are not searched for common lines; only their common start and end are left out. */
const mostEdits = 1000;

function changedLines(old: readonly string[], fresh: readonly string[]): DiffLine[] {
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start++;
  let end = 0;
  while (end < old.length - start && end < fresh.length - start && old.at(-1 - end) === fresh.at(-1 - end)) end++;
  const a = old.slice(start, old.length - end);
  const b = fresh.slice(start, fresh.length - end);
  const parts = diffArrays(a, b, { maxEditLength: mostEdits });
  if (parts === undefined) return [...marked("-", a), ...marked("+", b)];
  return parts.flatMap(({ added, removed, value }) => (added || removed ? marked(added ? "+" : "-", value) : []));
}
