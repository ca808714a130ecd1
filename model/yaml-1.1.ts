import type { DocumentOptions, SchemaOptions } from "yaml";

const truths: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(["y", "Y", "yes", "Yes", "YES", "on", "On", "ON"].map((word) => [word, true])),
  ...Object.fromEntries(["n", "N", "no", "No", "NO", "off", "Off", "OFF"].map((word) => [word, false])),
};

/** The words that are a boolean in YAML 1.1 and text in YAML 1.2. */
export const booleanWords: readonly string[] = Object.keys(truths);

/**
 * Helm and Argo CD read YAML 1.1: some plain scalars are a boolean or number to them, but a text or another number in YAML 1.2,
 * such as `y`, `1_000`, `0b11` and `017`. This gives their boolean or number; undefined when it is text to them too. Unlike the
 * standard, their reader takes `0o17` for a number, and `1:20` for text.
 */
export function readYaml11(source: string): boolean | number | undefined {
  if (Object.hasOwn(truths, source)) return truths[source];
  if (!/^[-+.\d]/.test(source)) return undefined;
  const digits = source.replaceAll("_", "");
  const [, sign, base, rest] = /^([-+]?)0([xXbBoO]?)([0-9a-fA-F]+)$/.exec(digits) ?? [];
  const radix = { x: 16, b: 2, o: 8, "": 8 }[base?.toLowerCase() as "x" | "b" | "o" | ""];
  if (radix !== undefined && rest !== undefined && [...rest].every((digit) => parseInt(digit, 16) < radix)) {
    return parseInt(rest, radix) * (sign === "-" ? -1 : 1);
  }
  return /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(digits) ? Number(digits) : undefined;
}

/** Options with which the YAML library reads values as Helm does: without dates and without numbers in base 60. */
export const helmYaml: DocumentOptions & SchemaOptions = {
  version: "1.1",
  customTags: (tags) =>
    tags.filter((tag) => typeof tag === "string" || !(tag.format === "TIME" || tag.tag.endsWith(":timestamp"))),
};
