import { isMapping, type Mapping } from "../../../../model/mapping";
import { maskFields } from "../../../tree/mask";
import type { FieldChange } from "../../../tree/renderer";
import type { ResourceDifference } from "../views";

/** One of an Application's resources as Argo CD compares it; its states are JSON, `null` where there is none. */
export interface ManagedResource {
  kind: string;
  namespace?: string;
  name: string;
  /** Hooks are not compared. */
  hook?: boolean;
  targetState?: string;
  liveState?: string;
  /** Both sides as they are compared: without what is ignored, and with what a sync leaves as it is. */
  normalizedLiveState?: string;
  predictedLiveState?: string;
}

/** What differs between the cluster and Git, as Argo CD sees it. */
export function differencesOf(resources: readonly ManagedResource[]): ResourceDifference[] {
  return resources.flatMap((resource): ResourceDifference[] => {
    const { kind, namespace = "", name, hook = false } = resource;
    const live = parsed(resource.normalizedLiveState) ?? parsed(resource.liveState);
    const target = parsed(resource.targetState);
    const wanted = target === undefined ? undefined : (parsed(resource.predictedLiveState) ?? target);
    if (hook || (live === undefined && wanted === undefined)) return [];
    const change = live === undefined ? "add" : wanted === undefined ? "remove" : "change";
    const found = change === "change" ? fieldsBetween(compared(live!), compared(wanted!)) : [];
    if (change === "change" && found.length === 0) return [];
    return [{ change, kind, namespace, name, fields: maskFields(kind, found, [live as never, wanted as never]) }];
  });
}

function parsed(state: string | undefined): Mapping | undefined {
  const found: unknown = state ? JSON.parse(state) : undefined;
  return isMapping(found) ? found : undefined;
}

/** Without what the API server keeps for itself. */
function compared({ metadata, status: _, ...rest }: Mapping): Mapping {
  if (!isMapping(metadata)) return rest;
  const own = ["managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink"];
  return { ...rest, metadata: Object.fromEntries(Object.entries(metadata).filter(([key]) => !own.includes(key))) };
}

/** The fields that differ, named as the renderer names them: `spec.containers[web].image`, `data["a.b"]`. */
function fieldsBetween(from: unknown, to: unknown, path = ""): FieldChange[] {
  if (isMapping(from) && isMapping(to)) {
    const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
    return keys.flatMap((key) => fieldsBetween(from[key], to[key], below(path, key)));
  }
  if (Array.isArray(from) && Array.isArray(to)) {
    const [before, after] = [itemsOf(from), itemsOf(to)];
    const keys = [...new Set([...before.keys(), ...after.keys()])];
    return keys.flatMap((key) => fieldsBetween(before.get(key), after.get(key), `${path}[${key}]`));
  }
  if (JSON.stringify(from) === JSON.stringify(to)) return [];
  return [{ path, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }];
}

function below(path: string, key: string): string {
  const plain = /^[\w/$-]+$/.test(key);
  if (!plain) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

/** Items by their name where each has one of its own, else by their place. */
function itemsOf(list: readonly unknown[]): Map<string, unknown> {
  const names = list.map((item) => (isMapping(item) && typeof item.name === "string" ? item.name : undefined));
  const named = !names.includes(undefined) && new Set(names).size === names.length;
  return new Map(list.map((item, index) => [named ? names[index]! : String(index), item]));
}
