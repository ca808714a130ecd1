import assert from "node:assert/strict";
import type { FieldChange, KubernetesObject } from "../../../../../cli/tree/renderer";
import { parsePath } from "../../../../../cli/tree/field-path";

/** One field of an object that changes, and the field that Kubernetes then refuses; undefined when it lets it change. */
export interface Update {
  title: string;
  before: KubernetesObject;
  after: KubernetesObject;
  change: FieldChange;
  refused: string | undefined;
  /** What the controllers have made of the object by then: its phase, or a condition that is true. */
  until?: Until;
}

export type Until = "Bound" | "Suspended" | "Established";
export type Body = Record<string, unknown>;
/** Path, new value, and the field that is refused. */
export type Row = [path: string, to: unknown, refused?: string];

let count = 0;

/** Updates of one object, each alone. */
export function of(apiVersion: string, kind: string, body: Body, rows: readonly Row[], until?: Until): Update[] {
  return rows.map(([path, to, refused]) => {
    const name = typeof body.name === "string" ? body.name : `update-${++count}`;
    const before = { apiVersion, kind, ...body, metadata: { name } } as KubernetesObject;
    delete before.name;
    const after = structuredClone(before);
    const from = set(after, path, to);
    const change = { path, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
    const title = `${kind}: ${path} ${to === undefined ? "goes" : from === undefined ? "comes" : "changes"}`;
    return { title: `${title} (${JSON.stringify(to)})`, before, after, change, refused, ...(until && { until }) };
  });
}

/** Sets a value, or takes it away with undefined; returns what stood there. */
function set(object: object, path: string, to: unknown): unknown {
  const steps = parsePath(path);
  let at = object as Record<string, unknown>;
  for (const [index, { text, bracket }] of steps.entries()) {
    const key = bracket && Array.isArray(at) ? indexOf(at, text) : text;
    if (index === steps.length - 1) {
      const from = at[key];
      if (to === undefined) delete at[key];
      else at[key] = to;
      return from;
    }
    at = (at[key] ??= {}) as Record<string, unknown>;
  }
  throw new Error("a path without steps");
}

function indexOf(list: readonly unknown[], text: string): string {
  const found = list.findIndex((item) =>
    [text].includes(
      (item as { name?: string }).name ?? (item as { metadata?: { name?: string } }).metadata?.name ?? "",
    ),
  );
  assert.ok(found >= 0 || /^\d+$/.test(text), text);
  return found >= 0 ? String(found) : text;
}
