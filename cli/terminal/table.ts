/** Lines up columns by their widest cell, two spaces apart; the last column is never padded. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)));
  return [head, ...rows]
    .map((row) => row.map((cell, column) => cell.padEnd(column === row.length - 1 ? 0 : widths[column]!)).join("  "))
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}

/** `3.2 s` or `2 min 05 s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/** `1 application`, `3 applications`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** `a`, `a and b`, `a, b and c`, or `a, b and 7 more`, which `what` may name; `most` is how many are named in full. */
export function someOf(names: readonly string[], what = "", most = 3): string {
  if (names.length <= most) return allOf(names);
  return `${names.slice(0, most - 1).join(", ")} and ${names.length - most + 1} more${what}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function allOf(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
