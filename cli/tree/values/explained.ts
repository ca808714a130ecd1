import { formatPath } from "./yaml";

/** Where a value comes from. */
export interface Origin {
  value: unknown;
  file: string;
  line: number;
  /** The layer of that file, such as "stage". */
  layer: string;
}

/** One value as `explain` shows it. */
export interface ExplainedValue extends Origin {
  key: string;
  path: string[];
  /** Nearest first. */
  overrides: Origin[];
}

/** Whether a path is the key that a person typed, or lies below it; keys may be typed with or without quotes. */
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
