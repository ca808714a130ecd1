import { count, formatTable } from "../../terminal/table";
import { showValue, type ExplainedValue } from "../../tree/values/explained";
import type { Fate } from "./why-not";

export interface ValuesView {
  /** Show values in full. */
  wide: boolean;
  files: readonly { layer: string; file: string; exists: boolean }[];
  notes: readonly string[];
}

/** Widest value in a table of many. */
const width = 44;

/** The table of values: where each was set, and below it what it overrode. */
export function valuesText(
  values: readonly ExplainedValue[],
  removed: readonly ExplainedValue[],
  { wide, files, notes }: ValuesView,
): string {
  const shown = (value: unknown) => showValue(value, wide ? Infinity : width);
  const rows = (found: ExplainedValue, value: string): string[][] => [
    [found.key, value, found.layer, place(found)],
    ...found.overrides.map((other) => ["", `was ${shown(other.value)}`, other.layer, place(other)]),
  ];
  const table = formatTable(
    ["KEY", "VALUE", "LAYER", "SET BY"],
    [
      ...values.flatMap((found) => rows(found, shown(found.value))),
      ...removed.flatMap((found) => rows(found, "removed")),
    ],
  );
  const absent = files.filter(({ exists }) => !exists).map(({ layer, file }) => `  ${file} (${layer})\n`);
  const optional = wide || absent.length === 0 ? "" : `\nwould be read too, if there were one:\n${absent.join("")}`;
  return `${table}${optional}${noteLines(notes)}`;
}

/** What became of each value that was asked for. */
export function fatesText(fates: readonly Fate[], where: string, notes: readonly string[]): string {
  const lines = fates.map(({ key, value, file, line, outcome, reason }) => {
    const what = key === "" ? file : `${file}:${line}: ${key} = ${showValue(value, width)}`;
    if (outcome === "arrives") return `${what}\n  arrives${reason === undefined ? "" : `; ${reason}`}\n`;
    return `${what}\n  ${outcome === "overridden" ? "is overridden" : "is not read"}: ${reason}\n`;
  });
  const arrived = fates.filter(({ outcome }) => outcome === "arrives").length;
  const all =
    arrived === fates.length
      ? arrived === 1
        ? "it arrives"
        : "all arrive"
      : arrived === 0
        ? "none arrives"
        : `${arrived} arrive`;
  return `${where}: set in ${count(fates.length, "place")}, ${all}\n\n${lines.join("")}${noteLines(notes)}`;
}

function place({ file, line }: { file: string; line: number }): string {
  return `${file}:${line}`;
}

function noteLines(notes: readonly string[]): string {
  return notes.length === 0 ? "" : `\n${notes.map((note) => `${note}\n`).join("")}`;
}
