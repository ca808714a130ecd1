import type { Random } from "../random";

/** Scalars as people write them, YAML 1.1's surprises among them; each is the text of a value. */
const scalars = [
  "1",
  "0",
  "-3",
  "1.5",
  "1e3",
  "0x1F",
  "0755",
  "0o17",
  "1_000",
  "12345678901",
  "9007199254740993",
  "0.1",
  ".5",
  "1.0",
  "yes",
  "no",
  "on",
  "Off",
  "y",
  "true",
  "False",
  "null",
  "~",
  '""',
  "''",
  '"1"',
  "'on'",
  '"a\\tb"',
  "2026-01-01",
  "12:30:45",
  "text",
  "a text of words",
  '"äöü 你好 🚀"',
  "'it''s'",
  '"{{ .Release.Name }}"',
  '"{{ .Values.global.zone }}-{{ .Chart.Name }}"',
  "|\n    two\n    lines",
  "|-\n    two\n    lines",
  ">\n    folded\n    words\n\n    more",
  "http://x.example.com/?a=b&c=<d>",
  "1.2.3",
  "100m",
  '"#"',
  "!!str 12",
  "'- a'",
];

const collections = [
  "[]",
  "{}",
  "[1, two, 3.5, null]",
  "[{ name: a, value: 1 }, { name: b }]",
  "{ a: 1, b: { c: two } }",
  "{ x: null, y: [1] }",
  "{ 1: one, true: two }",
];

/** Keys that the templates of random charts read, and what each may be set to. */
const free = ["alpha", "beta", "gamma", "size", "label", "text", "map", "list", "extra"];

/** The text of a values file: some keys of every kind, now and then one that breaks a template. */
export function randomValues(random: Random, subcharts: readonly string[] = []): string {
  const lines: string[] = [];
  if (random.chance(0.1)) lines.push("# a comment", "---");
  for (const key of random.some(free, random.between(0, 5))) lines.push(`${key}: ${value(random, key)}`);
  if (random.chance(0.4)) lines.push("nested:", ...nested(random, "  ", 0));
  if (random.chance(0.3)) lines.push(`image: { tag: ${random.pick(["1.0", "v2", '"3"', "sha-abc"])} }`);
  if (random.chance(0.2)) lines.push(`replicas: ${random.between(0, 9)}`);
  if (random.chance(0.2)) lines.push(`global: { zone: ${random.pick(["z1", "z2", '""', "7"])} }`);
  if (random.chance(0.1)) lines.push("anchored: &it { a: 1 }", "again: *it", "merged: { <<: *it, b: 2 }");
  if (random.chance(0.05)) lines.push("env: null");
  if (random.chance(0.2))
    lines.push(
      `env: { ${random.pick(["A", "B", "C"])}: ${random.pick(["x", "null", "3", '"{{ .Release.Namespace }}"'])} }`,
    );
  for (const name of subcharts) {
    if (!random.chance(0.5)) continue;
    lines.push(
      `${name}:`,
      `  enabled: ${random.pick(["true", "false", "null"])}`,
      `  size: ${random.pick(scalars.slice(0, 10))}`,
    );
    if (random.chance(0.2)) lines.push("  map: null");
  }
  if (random.chance(0.02)) lines.push("alpha: [1", "");
  const text = `${lines.join("\n")}\n`;
  return random.chance(0.03) ? text.replaceAll("\n", "\r\n") : text;
}

function value(random: Random, key: string): string {
  if (key === "map" || key === "extra") return random.pick(collections.slice(4).concat("null", "{}"));
  if (key === "list")
    return random.pick(["[]", "[a, b]", "[1, 2.5, yes]", "null", "[{ name: a, value: 1 }, { name: b }]"]);
  return random.chance(0.85) ? random.pick(scalars) : random.pick(collections);
}

function nested(random: Random, indent: string, depth: number): string[] {
  return random
    .some(["one", "two", "three", "deep"], random.between(1, 3))
    .flatMap((key) =>
      key === "deep" && depth < 3
        ? [`${indent}deep:`, ...nested(random, `${indent}  `, depth + 1)]
        : [`${indent}${key}: ${random.pick(scalars).replaceAll("\n", `\n${indent}`)}`],
    );
}
