import { createHash } from "node:crypto";

/** A value without what means the same as its absence; the controllers of Argo CD write some of it and leave some of it out. */
export function lean(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => lean(item) ?? null);
  if (typeof value === "object" && value !== null) {
    const kept = Object.entries(value).flatMap(([key, item]) => {
      const left = lean(item);
      return left === undefined ? [] : [[key, left] as const];
    });
    return kept.length === 0 ? undefined : Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  return value === false || value === "" || value === null ? undefined : value;
}

/** Equal for a specification as it is written and as the API server returns it. */
export function digestOf(spec: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(lean(spec) ?? null))
    .digest("hex");
}
