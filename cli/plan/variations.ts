import { compareText } from "../../model/findings";
import type { ChangeGroup, Variant } from "./group";
import { withoutDigests } from "./text-diff";
import type { PlanField, PlanVariation } from "./types";

/** What is not the same in all clusters of a group: every value with its clusters, by resource and path. */
export function variationsOf(group: ChangeGroup): PlanVariation[] {
  if (group.length === 1) return [];
  const [shown] = group;
  return [
    ...fieldVariations(group, ({ application }) => application.filter(({ path }) => !isOwnPlace(path))),
    ...shown.resources.flatMap((resource, index) => {
      const found =
        resource.change === "change"
          ? fieldVariations(group, ({ resources }) => resources[index]!.fields ?? [])
          : manifestVariations(group, index, resource.change === "add" ? "to" : "from");
      return found.map((variation) => ({ resource: index, ...variation }));
    }),
  ];
}

/** The labels of an Application name its cluster. */
function isOwnPlace(path: string): boolean {
  return path.startsWith("metadata.labels");
}

/** Grouped variants have the same fields in the same order. */
function fieldVariations(group: ChangeGroup, fieldsOf: (variant: Variant) => readonly PlanField[]): PlanVariation[] {
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

function manifestVariations(group: ChangeGroup, index: number, side: "from" | "to"): PlanVariation[] {
  const resources = group.map(({ change }) => change.resources[index]!);
  const ids = new Set(resources.map(({ before, after }) => after ?? before));
  if (ids.size === 1) return [];
  const manifests = group.map(({ resources }) => resources[index]!.manifest);
  if (manifests.includes(undefined)) return [];
  return differing(manifests, "").map(({ path, values }) => ({
    path,
    values: distinct(
      group,
      values.map((value) => (value === undefined ? {} : { [side]: value })),
    ),
  }));
}

function distinct(group: ChangeGroup, values: readonly { from?: unknown; to?: unknown }[]): PlanVariation["values"] {
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

/** The innermost places where some values are not all equal; `undefined` where one has nothing there. */
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
    const names = lists.map((list) => list.map(nameOf));
    const length = lists[0]!.length;
    const named = names.every((list) => list.join("\n") === names[0]!.join("\n"));
    if (named && lists.every((list) => list.length === length)) {
      return lists[0]!.flatMap((_, index) => {
        const step = `${path}[${names[0]![index] ?? index}]`;
        return differing(
          lists.map((list) => list[index]),
          step,
        );
      });
    }
  }
  return [{ path, values }];
}

function nameOf(item: unknown): string | undefined {
  return isMapping(item) && typeof item.name === "string" ? item.name : undefined;
}

/** A step as the engine writes it: keys that are no plain word are quoted. */
function joinKey(path: string, key: string): string {
  if (!/^[^.[\]"]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
