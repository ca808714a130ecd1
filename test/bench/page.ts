import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { commandPlot, growthPlot } from "./plot";
import type { Result } from "./result";
import { commandTable, growthTable, helmNote, helmTable, settingLine, summaries } from "./table";
import { docs } from "../support/paths";

const data = join(docs, "performance.json");

/** The figures that docs/performance.md shows; none before the first saved run. */
export function readResult(): Result {
  try {
    return JSON.parse(readFileSync(data, "utf8")) as Result;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}

/** Keeps figures; a thousandth of a second is as exact as they are. */
export function writeResult(result: Result): void {
  const rounded = (_: string, value: unknown) => (typeof value === "number" ? Math.round(value * 1000) / 1000 : value);
  writeFileSync(data, `${JSON.stringify(result, rounded, 2)}\n`);
}

/** What the pages should hold by file name: the plots, and the page with the figures in its marked places. */
export async function performanceDocs(page: string, result: Result): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const { fleet } = result;
  let text = page;
  for (const { part, line, note, table } of summaries(result))
    text = fill(text, part, `${line}${note === undefined ? ":" : `. ${note}`}\n\n${table}`);
  if (fleet) {
    text = fill(text, "commands", `${settingLine(fleet)}:\n\n${commandTable(fleet)}`);
    text = fill(text, "growth", growthTable(fleet));
    text = fill(text, "helm", `${helmTable(fleet) ?? ""}\n\n${helmNote(fleet)}`);
    files.set("performance-growth.svg", growthPlot(fleet));
    files.set("performance-commands.svg", commandPlot(fleet));
  }
  files.set("performance.md", await format(text, { parser: "markdown", printWidth: 120 }));
  files.set("performance.json", await format(JSON.stringify(result), { parser: "json", printWidth: 120 }));
  return files;
}

/** Writes the pages from the kept figures. */
export async function writeDocs(): Promise<void> {
  const page = readFileSync(join(docs, "performance.md"), "utf8");
  for (const [name, text] of await performanceDocs(page, readResult())) writeFileSync(join(docs, name), text);
}

/** Replaces what stands between `<!-- figures: name -->` and `<!-- end -->`. */
function fill(page: string, name: string, text: string): string {
  const start = `<!-- figures: ${name} -->`;
  const [before, rest] = page.split(start);
  const end = rest?.indexOf("<!-- end -->") ?? -1;
  if (rest === undefined || end < 0) throw new Error(`docs/performance.md has no place "${start} ... <!-- end -->"`);
  return `${before}${start}\n\n${text}\n\n${rest.slice(end)}`;
}
