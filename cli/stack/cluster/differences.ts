import { isDeepStrictEqual } from "node:util";
import { trackingId } from "../../../model/argocd";
import { isMapping } from "../../../model/mapping";
import type { ClusterObject } from "./objects";

/** A field of an object that is not as somebody wrote it. A side that has no such field is left out. */
export interface FieldDrift {
  path: string;
  live?: unknown;
  wanted?: unknown;
}

/** What the API server writes itself, below metadata. */
const bookkeeping = new Set(["managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink"]);

/** What a tool writes beside the object that it applies. */
const marks = (key: string) => key === trackingId || key.startsWith("pulumi.com/");

/** The fields in which an object differs from itself as it would be applied. */
export function differences(live: ClusterObject, wanted: ClusterObject): FieldDrift[] {
  return between(withoutOwn(live), withoutOwn(wanted), "");
}

function withoutOwn({ metadata, status, ...rest }: ClusterObject): Record<string, unknown> {
  void status;
  const { annotations, ...kept } = Object.fromEntries(
    Object.entries(metadata).filter(([key]) => !bookkeeping.has(key)),
  );
  const said = Object.entries((annotations ?? {}) as Record<string, unknown>).filter(([key]) => !marks(key));
  return { ...rest, metadata: { ...kept, ...(said.length > 0 && { annotations: Object.fromEntries(said) }) } };
}

function between(live: unknown, wanted: unknown, path: string): FieldDrift[] {
  if (isDeepStrictEqual(live, wanted)) return [];
  if (isMapping(live) && isMapping(wanted)) {
    const keys = new Set([...Object.keys(live), ...Object.keys(wanted)]);
    return [...keys].sort().flatMap((key) => between(live[key], wanted[key], below(path, key)));
  }
  const named = namesOf(live, wanted);
  if (named !== undefined) {
    return named.flatMap(([name, left, right]) => between(left, right, `${path}[${name}]`));
  }
  return [{ path, ...(live !== undefined && { live }), ...(wanted !== undefined && { wanted }) }];
}

function below(path: string, key: string): string {
  const step = /^[\w$-]+$/.test(key) ? key : `["${key}"]`;
  return path === "" || step.startsWith("[") ? `${path}${step}` : `${path}.${step}`;
}

/** The items of two lists side by side, by name or by place; undefined where they are no such lists. */
function namesOf(live: unknown, wanted: unknown): [string, unknown, unknown][] | undefined {
  if (!Array.isArray(live) || !Array.isArray(wanted)) return undefined;
  const byName = (list: unknown[]) => {
    const entries = list.flatMap((item) =>
      isMapping(item) && typeof item.name === "string" ? [[item.name, item] as const] : [],
    );
    const map = new Map<string, unknown>(entries);
    return map.size === list.length ? map : undefined;
  };
  const [left, right] = [byName(live), byName(wanted)];
  if (left && right && left.size + right.size > 0) {
    return [...new Set([...left.keys(), ...right.keys()])].map((name) => [name, left.get(name), right.get(name)]);
  }
  if (live.length !== wanted.length) return undefined;
  return live.map((item: unknown, index) => [String(index), item, wanted[index] as unknown]);
}
