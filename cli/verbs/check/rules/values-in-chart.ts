import { isMapping, type Mapping } from "../../../../model/mapping";
import { lineAt, TooDeep, valueOf, type Step } from "../../../tree/values/yaml";
import type { CheckInput } from "../input";
import type { Rule } from "../rule";
import type { TreeFile } from "../source/inventory";

export const valuesInChart: Rule = {
  id: "values-in-chart",
  check(input, report) {
    const places = placesOf(input);
    const layers = new Map(
      input.inventory
        .ofRole("stage-values", "ring-values", "region-values", "cluster-values")
        .flatMap(({ path }) => (sizeOf(dataOf(input, path)) < 2 ? [] : [[canonical(dataOf(input, path)), path]])),
    );
    for (const file of input.inventory.ofRole("chart")) {
      if (/(^|\/)((templates|crds)\/|values\.schema\.json$)/.test(file.inside)) continue;
      const fix = "put what differs into a layer, such as gitops/apps/<component>/stages/<stage>/values.yaml";
      const named = placeInName(file, places);
      if (named) report.finding({ file: file.path }, `this file of a chart is named after ${named}`, fix);
      if (!/\.(ya?ml|json)$/.test(file.path)) continue;
      const data = dataOf(input, file.path);
      const layer = layers.get(canonical(data));
      if (layer) report.finding({ file: file.path }, `this file of a chart has the same values as ${layer}`, fix);
      for (const { path, of } of keyedByPlace(data, places)) {
        const line = lineAt(input.files.yaml(file.path), path) ?? 1;
        const message = `"${path.join(".")}" has values for ${of}, and every cluster gets them with the chart`;
        report.finding({ file: file.path, line }, message, fix);
      }
    }
  },
};

/** What stages, regions and clusters are called: from name to words for it. */
function placesOf({ inventory }: CheckInput): Map<string, string> {
  const { stages, regions, clusters } = inventory;
  return new Map([
    ...[...clusters].map((name) => [name, `the cluster ${name}`] as const),
    ...[...regions].map((name) => [name, `the region ${name}`] as const),
    ...[...stages].map((name) => [name, `the stage ${name}`] as const),
  ]);
}

/** The place in the name of a file or its directories: `prod.yaml`, `values-prod.yaml`, `prod/limits.yaml`. */
function placeInName({ inside }: TreeFile<"chart">, places: ReadonlyMap<string, string>): string | undefined {
  // The directory of a chart inside the chart has that chart's name.
  const parts = inside.replace(/^(charts\/[^/]+\/)+/, "").split("/");
  const names = parts.map((part) => part.replace(/^values[-_.]|([-_.]values)?(\.[a-z]+)?$/g, ""));
  return names.map((name) => places.get(name)).find((place) => place !== undefined);
}

/** Mappings below the name of a place: one at the top of the file, or several side by side anywhere. */
function keyedByPlace(
  data: unknown,
  places: ReadonlyMap<string, string>,
  above: readonly Step[] = [],
): { path: Step[]; of: string }[] {
  if (Array.isArray(data)) return data.flatMap((item, index) => keyedByPlace(item, places, [...above, index]));
  if (!isMapping(data)) return [];
  const entries = Object.entries(data);
  const keyed = entries.filter(([key, value]) => places.has(key) && isMapping(value));
  if (keyed.length >= (above.length === 0 ? 1 : 2)) {
    return keyed.map(([key]) => ({ path: [...above, key], of: places.get(key)! }));
  }
  return entries.flatMap(([key, value]) => keyedByPlace(value, places, [...above, key]));
}

/** What a YAML or JSON file says; undefined when it cannot be read. */
function dataOf({ files }: CheckInput, path: string): unknown {
  try {
    return valueOf(files.yaml(path));
  } catch (error) {
    if (error instanceof TooDeep) return undefined;
    throw error;
  }
}

/** How many values there are. */
function sizeOf(data: unknown): number {
  return typeof data === "object" && data !== null
    ? Object.values(data).reduce<number>((sum, value) => sum + sizeOf(value), 0)
    : 1;
}

/** The same text for the same values, however they are written. */
function canonical(data: unknown): string {
  const sorted = (_: string, value: unknown): unknown =>
    isMapping(value)
      ? Object.fromEntries(Object.entries(value as Mapping).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return JSON.stringify(data, sorted) ?? "";
}
