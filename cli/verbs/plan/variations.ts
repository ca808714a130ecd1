import { compareText } from "../../../model/findings";
import type { ChangeGroup, Variant } from "./group";
import { isMapping } from "../../../model/mapping";
import { comparedFields, withoutDigests } from "../../tree/changes/same-change";
import type { PlanField, PlanResource, PlanVariation } from "./types";

/**
 * What is not the same in all clusters of a group: every value with its clusters, by resource and path. Nothing is said of what
 * is removed: its values end everywhere.
 */
export function variationsOf({ variants, resources }: ChangeGroup): PlanVariation[] {
  if (variants.length === 1 || variants[0].change.change === "remove") return [];
  return [
    ...fieldVariations(variants, ({ application }) => comparedFields(application)),
    ...resources.flatMap((places, resource) => {
      const having = variants.filter((_, variant) => places[variant] !== undefined);
      const at = new Map(variants.map((variant, index) => [variant, places[index]!]));
      const of = (variant: Variant) => variant.resources[at.get(variant)!]!;
      const found = {
        add: () => manifestVariations(having, of, (variant) => variant.change.resources[at.get(variant)!]!.after),
        change: () => fieldVariations(having, (variant) => of(variant).fields ?? []),
        remove: () => [],
      }[of(having[0]!).change]();
      return found.map((variation) => ({ resource, ...variation }));
    }),
  ];
}

/** Grouped variants have the same fields in the same order. */
function fieldVariations(
  group: readonly Variant[],
  fieldsOf: (variant: Variant) => readonly PlanField[],
): PlanVariation[] {
  const lists = group.map(fieldsOf);
  return lists[0]!.flatMap(({ path }, index): PlanVariation[] => {
    const values = distinct(
      group,
      lists.map((fields) => {
        const { from, to } = fields[index]!;
        return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
      }),
    );
    return values.length === 1 ? [] : [{ path, values }];
  });
}

function manifestVariations(
  group: readonly Variant[],
  of: (variant: Variant) => PlanResource,
  idOf: (variant: Variant) => string | undefined,
): PlanVariation[] {
  if (new Set(group.map(idOf)).size === 1) return [];
  const manifests = group.map((variant) => of(variant).manifest);
  if (manifests.includes(undefined)) return [];
  return differing(manifests, "").map(({ path, values }) => ({
    path,
    values: distinct(
      group,
      values.map((value) => (value === undefined ? {} : { to: value })),
    ),
  }));
}

function distinct(
  group: readonly Variant[],
  values: readonly { from?: unknown; to?: unknown }[],
): PlanVariation["values"] {
  const found = new Map<string, PlanVariation["values"][number]>();
  values.forEach((value, index) => {
    const key = comparable(value);
    const { clusters } = group[index]!.change;
    const same = found.get(key);
    if (same) same.clusters.push(...clusters);
    else found.set(key, { ...value, clusters: [...clusters] });
  });
  for (const { clusters } of found.values()) clusters.sort(compareText);
  const [shown, ...others] = [...found.values()];
  return [shown!, ...others.sort((a, b) => b.clusters.length - a.clusters.length)];
}

function comparable(value: unknown): string {
  return withoutDigests(JSON.stringify(value) ?? "");
}

/** The innermost places where some values differ; `undefined` for a value that is missing there. */
function differing(values: readonly unknown[], path: string): { path: string; values: readonly unknown[] }[] {
  if (new Set(values.map(comparable)).size === 1) return [];
  if (values.every(isMapping)) {
    const keys = [...new Set(values.flatMap((value) => Object.keys(value)))];
    return keys.flatMap((key) => {
      const inner = values.map((value) => value[key]);
      return differing(inner, joinKey(path, key));
    });
  }
  if (values.every((value) => Array.isArray(value))) {
    const lists = values as unknown[][];
    const named = lists.map(byName);
    if (named.every((list) => list !== undefined)) {
      const names = [...new Set(named.flatMap((list) => [...list.keys()]))];
      return names.flatMap((name) =>
        differing(
          named.map((list) => list.get(name)),
          `${path}[${name}]`,
        ),
      );
    }
    if (new Set(lists.map(({ length }) => length)).size === 1) {
      return lists[0]!.flatMap((_, index) =>
        differing(
          lists.map((list) => list[index]),
          `${path}[${index}]`,
        ),
      );
    }
  }
  return [{ path, values }];
}

/** The items of a list whose items all have a name of their own. */
function byName(list: readonly unknown[]): Map<string, unknown> | undefined {
  const found = new Map<string, unknown>();
  for (const item of list) {
    if (!isMapping(item) || typeof item.name !== "string" || found.has(item.name)) return undefined;
    found.set(item.name, item);
  }
  return found;
}

/** A step as the renderer writes it: keys that are not plain words are quoted. */
function joinKey(path: string, key: string): string {
  if (!/^[^.[\]"]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}
