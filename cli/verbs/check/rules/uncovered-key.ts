import type { Rule } from "../rule";
import { isMapping } from "../../../../model/mapping";
import { formatPath, lineAt, type Step } from "../../../tree/values/yaml";

export const uncoveredKey: Rule = {
  id: "uncovered-key",
  check({ files, inventory }, report) {
    for (const { path, cluster, component } of inventory.ofRole("cluster-values")) {
      const entries = inventory.exceptions.get(cluster)?.entries ?? [];
      const entry = entries.find((one) => one.component === component && one.keys);
      const values = inventory.valuesOf(path);
      if (!entry?.keys || !values) continue;
      const { keys } = entry;
      for (const leaf of leavesOf(values)) {
        const key = formatPath(leaf);
        if (keys.some((covered) => isCovered(leaf, covered))) continue;
        const at = { file: path, line: lineAt(files.yaml(path), leaf) ?? 1 };
        const fix = `add ${key} to its keys (${keys.join(", ")}) in gitops/clusters/${cluster}/exceptions.yaml`;
        report.finding(at, `the exception for ${component} does not cover "${key}"`, fix);
      }
    }
  },
};

/** The paths of all values that are not mappings, and of empty mappings. */
export function leavesOf(values: unknown, path: readonly Step[] = []): Step[][] {
  if (!isMapping(values) || Object.keys(values).length === 0) return path.length === 0 ? [] : [[...path]];
  return Object.entries(values).flatMap(([key, value]) => leavesOf(value, [...path, key]));
}

/** The value at a path; undefined where nothing is set. */
export function valueAt(values: unknown, path: readonly Step[]): unknown {
  return path.reduce<unknown>((value, step) => (isMapping(value) ? value[step] : undefined), values);
}

/** Whether a dotted key names a path or something above it. */
export function isCovered(path: readonly Step[], key: string): boolean {
  const dotted = path.join(".");
  return dotted === key || dotted.startsWith(`${key}.`) || formatPath(path) === key;
}
