import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { isMapping, type Mapping } from "../../model/mapping";

/** The part of a JSON schema that a page shows. */
interface Schema {
  description?: string;
  type?: string | string[];
  enum?: unknown[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  $ref?: string;
  definitions?: Record<string, Schema>;
}

/** The page of a chart, with the file that it belongs into below docs/reference/charts. */
export interface ChartPage {
  file: string;
  text: string;
}

/** Keys of a pin, which the page names together. A schema without descriptions names those that each pin has. */
const isOfPin = (name: string, { description }: Schema) =>
  description === undefined
    ? ["component", "chart", "version", "namespace", "requires", "team", "image"].includes(name)
    : description.startsWith("Of the pin: ");
/** Keys that only Helm sets. */
const isHelms = (name: string, { description }: Schema) =>
  description === undefined ? name === "global" : description.startsWith("Helm's own key");

/**
 * A page for the newest version of each chart of a tree that has a schema. Where the schema does not describe the chart, Chart.yaml
 * does. @param root of the checkout
 */
export function chartPages(root: string): ChartPage[] {
  const charts = join(root, "gitops/charts");
  return readdirSync(charts)
    .sort()
    .flatMap((chart) => {
      const version = readdirSync(join(charts, chart)).sort(compareVersions).at(-1);
      const directory = join(charts, chart, version ?? "");
      const file = join(directory, "values.schema.json");
      if (version === undefined || !existsSync(file)) return [];
      const schema = JSON.parse(readFileSync(file, "utf8")) as Schema;
      schema.description ??= describedIn(join(directory, "Chart.yaml"));
      const values = join(directory, "values.yaml");
      const defaults: unknown = existsSync(values) ? parse(readFileSync(values, "utf8"), { version: "1.1" }) : {};
      return { file: `${chart}.md`, text: page(chart, version, schema, isMapping(defaults) ? defaults : {}) };
    });
}

/** Writes the pages into docs/reference/charts. */
export function writeChartPages(root: string): void {
  const directory = join(root, "docs/reference/charts");
  mkdirSync(directory, { recursive: true });
  for (const { file, text } of chartPages(root)) writeFileSync(join(directory, file), text);
}

function describedIn(chartFile: string): string {
  const chart: unknown = parse(readFileSync(chartFile, "utf8"));
  return isMapping(chart) && typeof chart.description === "string" ? chart.description : "";
}

function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

function page(chart: string, version: string, schema: Schema, defaults: Mapping): string {
  const properties = Object.entries(schema.properties ?? {}).map(
    ([name, of]) => [name, whole(of, schema.definitions ?? {})] as const,
  );
  const ofPin = properties.filter(([name, of]) => isOfPin(name, of));
  const own = properties.filter(([name, of]) => !isHelms(name, of) && !isOfPin(name, of));
  const pin = ofPin.flatMap(([name, of]) => rows(name, of, undefined));
  return [
    `# The chart \`${chart}\``,
    "",
    `<!-- Made by \`make docs\` from gitops/charts/${chart}/${version}/values.schema.json and values.yaml. -->`,
    "",
    `${schema.description} Version ${version}.`.trimStart(),
    "",
    "## Values",
    "",
    ...table(own.flatMap(([name, of]) => rows(name, of, defaults[name]))),
    "",
    "## From the pin",
    "",
    ...table(
      pin.map(([key, type, , text]) => [
        key,
        type,
        "",
        text.replace(/^Of the pin: (.)/, (_, first: string) => first.toUpperCase()),
      ]),
    ),
    "",
  ].join("\n");
}

/** A schema with what it refers to in its place. */
function whole({ $ref, ...schema }: Schema, definitions: Record<string, Schema>): Schema {
  const found = $ref === undefined ? {} : definitions[$ref.replace("#/definitions/", "")];
  const { properties, ...rest } = { ...found, ...schema };
  if (properties === undefined) return rest;
  const inner = Object.entries(properties).map(([name, of]) => [name, whole(of, definitions)]);
  return { ...rest, properties: Object.fromEntries(inner) as Record<string, Schema> };
}

type Row = [key: string, type: string, preset: string, text: string];

/** A value, and below it the values inside it. */
function rows(key: string, schema: Schema, preset: unknown): Row[] {
  const { description = "", properties, additionalProperties, items } = schema;
  const own: Row = [`\`${key}\``, typeOf(schema), presetOf(schema, preset), description];
  const inner = (name: string) => (isMapping(preset) ? preset[name] : undefined);
  const nested = Object.entries(properties ?? {}).flatMap(([name, of]) => rows(`${key}.${name}`, of, inner(name)));
  const named =
    typeof additionalProperties === "object" && additionalProperties.properties ? additionalProperties : undefined;
  return [
    own,
    ...nested,
    ...(named ? rows(`${key}.<name>`, named, undefined) : []),
    ...(items?.properties
      ? Object.entries(items.properties).flatMap(([name, of]) => rows(`${key}[].${name}`, of, undefined))
      : []),
  ];
}

function typeOf({ type, enum: allowed }: Schema): string {
  if (allowed !== undefined) return allowed.map((one) => `\`${String(one)}\``).join(", ");
  const words: Record<string, string> = {
    ...{ object: "mapping", array: "list", string: "text", integer: "whole number", number: "number" },
    boolean: "true or false",
  };
  return [type ?? []]
    .flat()
    .map((one) => words[one] ?? one)
    .join(" or ");
}

/** A default in one line; that of a mapping stands with its keys. */
function presetOf({ properties }: Schema, preset: unknown): string {
  if (preset === undefined || preset === "" || (isMapping(preset) && properties !== undefined)) return "";
  const text = JSON.stringify(preset);
  return text === "{}" || text === "[]" ? "" : `\`${text}\``;
}

function table(list: readonly Row[]): string[] {
  const cells = (row: readonly string[]) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [cells(["key", "type", "default", "what it is"]), "| --- | --- | --- | --- |", ...list.map(cells)];
}
