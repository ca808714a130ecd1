import { compareText } from "../../model/findings";
import { formatPath } from "../check/values/yaml";
import type { Effective, Removed, Setting } from "./merge";

/** One value as `explain` shows it. */
export interface ExplainedValue {
  key: string;
  value: unknown;
  file: string;
  line: number;
  layer: string;
  /** Nearest first. */
  overrides: Setting[];
}

/** Every value of the result by its dotted key, sorted; lists and empty mappings are values as a whole. */
export function listValues(root: Effective): (ExplainedValue & { path: string[] })[] {
  const found: (ExplainedValue & { path: string[] })[] = [];
  const walk = (node: Effective, path: string[]): void => {
    if (node.children && (node.children.size > 0 || path.length === 0)) {
      for (const [key, child] of node.children) walk(child, [...path, key]);
      return;
    }
    const { value, file, line, layer } = node.setting;
    found.push({
      path,
      key: formatPath(path),
      value: node.children ? {} : value,
      file,
      line,
      layer,
      overrides: node.overrides,
    });
  };
  walk(root, []);
  return found.sort((a, b) => compareText(a.key, b.key));
}

export function listRemoved(removed: readonly Removed[]): (ExplainedValue & { path: string[] })[] {
  return removed
    .map(({ path, setting: { file, line, layer }, overrides }) => ({
      ...{ path, key: formatPath(path), value: null, file, line, layer, overrides },
    }))
    .sort((a, b) => compareText(a.key, b.key));
}

/** Whether a path is what a person typed as a key, or lies below it; keys may be typed with or without quotes. */
export function isBelow(path: readonly string[], key: string): boolean {
  return path.some((_, index) => {
    const part = path.slice(0, index + 1);
    return formatPath(part) === key || part.join(".") === key;
  });
}

/** A value in one line. */
export function showValue(value: unknown, width = Infinity): string {
  const text = value === undefined ? "" : (JSON.stringify(value) ?? String(value));
  return text.length <= width ? text : `${text.slice(0, Math.max(1, width - 1))}…`;
}
