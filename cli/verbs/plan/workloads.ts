import type { FieldChange, KubernetesObject, ResourceChange } from "../../tree/renderer";
import { parsePath } from "../../tree/field-path";
import type { ImageChange, ReplicaChange } from "./types";

/** The manifests that the renderer keeps, by their ids. */
export type Documents = ReadonlyMap<string, KubernetesObject>;

/** Images of containers, old to new, each pair once. */
export function imageChanges(resources: readonly ResourceChange[], documents: Documents): ImageChange[] {
  const pairs = new Map<string, { from?: string; to?: string }>();
  const add = (from: string | undefined, to: string | undefined) => {
    if (from === to) return;
    pairs.set(`${from} ${to}`, { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
  };
  for (const { before, after, fields, change } of resources) {
    if (change === "add") for (const image of imagesIn(documents.get(after ?? ""))) add(undefined, image);
    else if (change === "remove") for (const image of imagesIn(documents.get(before ?? ""))) add(image, undefined);
    else for (const field of fields ?? []) imagesOfField(field, add);
  }
  return [...pairs.values()].sort((a, b) => compare(a.to ?? "", b.to ?? "") || compare(a.from ?? "", b.from ?? ""));
}

function imagesOfField({ path, from, to }: FieldChange, add: (from?: string, to?: string) => void): void {
  const steps = parsePath(path);
  if (steps.at(-1)?.text === "image" && (typeof from === "string" || typeof to === "string")) {
    add(text(from), text(to));
    return;
  }
  const inContainers = steps.some(({ text }) => /^(containers|initContainers|ephemeralContainers)$/.test(text));
  if (!inContainers || steps.at(-1)?.text === "[order]") return;
  const [old, fresh] = [imagesIn(from), imagesIn(to)];
  for (const image of fresh) if (!old.includes(image)) add(undefined, image);
  for (const image of old) if (!fresh.includes(image)) add(image, undefined);
}

/** Every `image` that is a text beside a `name`, as in containers. */
function imagesIn(value: unknown, found: string[] = []): string[] {
  if (Array.isArray(value)) for (const item of value) imagesIn(item, found);
  else if (typeof value === "object" && value !== null) {
    const { image, name } = value as { image?: unknown; name?: unknown };
    if (typeof image === "string" && typeof name === "string") found.push(image);
    for (const inner of Object.values(value)) if (typeof inner === "object") imagesIn(inner, found);
  }
  return found;
}

/** Numbers of pods that change: replicas, and the bounds of autoscalers. */
export function replicaChanges(resources: readonly ResourceChange[]): ReplicaChange[] {
  const counts = /^spec\.(replicas|minReplicas|maxReplicas)$/;
  return resources.flatMap(({ kind, namespace, name, fields = [] }) =>
    fields
      .filter(({ path }) => counts.test(path))
      .map(({ path, from, to }) => ({
        kind,
        ...(namespace === undefined ? {} : { namespace }),
        name,
        field: path.slice("spec.".length),
        ...(typeof from === "number" ? { from } : {}),
        ...(typeof to === "number" ? { to } : {}),
      })),
  );
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
