import { oneLine } from "../../../model/findings";
import type { Context, Input } from "../../command";
import type { ResourceChange } from "../../tree/renderer";
import { usageError } from "../../terminal/fail";
import { showValue } from "../../tree/values/explained";
import { findCluster, withTree } from "../../tree/open";
import { count, formatTable } from "../../terminal/table";
import { compareClusters, type Comparison, type ComponentDifference, type ComponentSide, type Side } from "./compare";
import { fieldLine, maskedFields, resourceLines } from "./fields";

/** Prints what differs between two clusters; returns 1 with `--exit-code` when something does. */
export function compare(input: Input, context: Context): Promise<number> {
  const [first, second, component] = input.operands as [string, string, string | undefined];
  if (first === second) throw usageError(`${first} is compared with itself; name two clusters`);
  return withTree(context, input, async (opened) => {
    const [a, b] = [findCluster(opened.tree, first), findCluster(opened.tree, second)];
    const comparison = await compareClusters({ opened, a, b, component });
    if (input.flag("json")) context.io.out(`${JSON.stringify(toJson(first, second, comparison), undefined, 2)}\n`);
    else context.io.out(toText(first, second, comparison, component !== undefined));
    return input.flag("exit-code") && comparison.components.length > 0 ? 1 : 0;
  });
}

function toJson(a: string, b: string, { components, ...rest }: Comparison): object {
  const plain = components.map(({ resources, ...component }) => ({
    ...component,
    resources: resources.map((resource) => {
      const { kind, apiVersion, namespace, name, change } = resource;
      return { apiVersion, kind, namespace, name, change, fields: maskedFields(resource) };
    }),
  }));
  return { a, b, facts: rest.facts, components: plain, same: rest.same, notes: rest.notes };
}

function toText(a: string, b: string, { facts, components, same, notes }: Comparison, detailed: boolean): string {
  const parts: string[] = [];
  if (facts.length > 0) {
    parts.push(
      formatTable(
        ["", a, b],
        facts.map((row) => [row.fact, row.a || "-", row.b || "-"]),
      ),
    );
  }
  if (components.length > 0) {
    const rows = components.map((found) => [found.component, cell(found.a), cell(found.b), summary(found)]);
    parts.push(formatTable(["COMPONENT", a, b, "DIFFERENT"], rows));
  }
  for (const found of components) parts.push(...details(a, b, found, detailed));
  if (same.length > 0) parts.push(`the same in both: ${same.join(", ")}\n`);
  if (notes.length > 0) parts.push(notes.map((note) => `${oneLine(note)}\n`).join(""));
  return parts.join("\n");
}

function cell({ chart, missing }: ComponentDifference["a"]): string {
  return missing === undefined ? (chart ?? "") : "-";
}

function summary({ values, resources, a, b }: ComponentDifference): string {
  if (a.missing !== undefined || b.missing !== undefined) return "not in both";
  const objects = resources.length === 0 ? [] : [count(resources.length, "object")];
  const layers = [...new Set(values.map(({ layer }) => layer))];
  const set = values.length === 0 ? [] : [`${count(values.length, "value")} (${layers.join(", ")})`];
  return [...set, ...objects].join(", ") || "the chart";
}

function details(a: string, b: string, found: ComponentDifference, detailed: boolean): string[] {
  const { component, values, resources, application } = found;
  const missing = found.a.missing ?? found.b.missing;
  if (missing !== undefined) return [`${missing}\n`];
  const parts: string[] = [];
  if (values.length > 0) {
    const rows = values.map(({ key, layer, a: left, b: right }) => [
      key,
      shown(left),
      shown(right),
      layer,
      places(left, right),
    ]);
    parts.push(`${component}: values\n${formatTable(["KEY", a, b, "LAYER", "SET BY"], rows)}`);
  }
  if (found.a.chart !== found.b.chart) {
    const side = (cluster: string, { chart, pin }: ComponentSide) =>
      `  ${cluster}: ${chart ?? "-"}${pin === undefined ? "" : ` (${pin.file}:${pin.line})`}\n`;
    parts.push(`${component}: pinned differently\n${side(a, found.a)}${side(b, found.b)}`);
  }
  const limit = detailed ? Infinity : 8;
  const lines = [
    ...application.map((field) => `  Application: ${fieldLine(field)}`),
    ...resources.flatMap((resource) => resourceLines(resource, limit, words(a, b))),
  ];
  if (lines.length > 0)
    parts.push(`${component}: manifests, ${a} -> ${b}\n${lines.map((line) => `${line}\n`).join("")}`);
  return parts;
}

function words(a: string, b: string): Record<ResourceChange["change"], string> {
  return { add: `only in ${b}:`, remove: `only in ${a}:`, change: "differs:" };
}

function shown(side: Side): string {
  return side === undefined ? "-" : showValue(side.value, 30);
}

/** The file and line of each side, once when they are the same. */
function places(...sides: Side[]): string {
  return [...new Set(sides.map((side) => (side === undefined ? "-" : `${side.file}:${side.line}`)))].join(" | ");
}
