import { count } from "../../table";
import type { Failed, Plan, PlanChange, PlanField, PlanResource, Unknown } from "../types";
import { resourceName } from "../types";
import { condense } from "./condense";
import { painter, type Paint } from "./colour";
import {
  causeWords,
  clusterWords,
  fieldLines,
  headline,
  imageWords,
  printable,
  replicaWords,
  shortRevision,
  signs,
} from "./words";

export interface TextOptions {
  colour: boolean;
  /** Most columns of a line. */
  columns: number;
}

/** Fields of one resource, and resources and causes of one change, before the rest is only counted. */
const most = { fields: 12, lines: 12, resources: 12, causes: 4 };

/** The plan as a terminal shows it. */
export function planText(plan: Plan, { colour, columns }: TextOptions): string {
  const page = new Page(columns, painter(colour));
  const { paint } = page;
  page.wrap(0, headline(plan), paint.bold);
  page.line(0, paint.dim(`from ${shortRevision(plan.base)} to ${shortRevision(plan.head)}`));
  for (const change of plan.changes) {
    page.line(0, "");
    writeChange(page, change, plan);
  }
  writeUnknown(page, "Does not render", plan.failed, plan, paint.red);
  writeUnknown(page, "Not evaluated", plan.notEvaluated, plan, paint.yellow);
  writeUnknown(page, "Different each time", plan.unsteady, plan, paint.yellow);
  return page.text;
}

function writeChange(page: Page, change: PlanChange, plan: Plan): void {
  const { paint } = page;
  const tint = { add: paint.green, change: paint.cyan, remove: paint.red }[change.change];
  const where = clusterWords(change.clusters, plan.clusters);
  page.wrap(0, `${signs[change.change]} ${change.component}  ${where}`, (text) =>
    text.replace(/^\S \S+/, (name) => paint.bold(tint(name))),
  );
  for (const { id, level, message } of change.dangers) {
    page.labelled("!", `${message} [${id}]`, level === "high" ? paint.red : paint.yellow);
  }
  for (const image of change.images) page.labelled("image", imageWords(image));
  for (const replica of change.replicas) page.labelled("replicas", replicaWords(replica));
  for (const cause of change.causes.slice(0, most.causes)) page.labelled("cause", causeWords(cause), paint.dim);
  more(page, 2, change.causes.length - most.causes, "cause");
  if (change.application.length > 0) {
    page.line(2, paint.cyan(page.cut(2, `~ Application ${change.component}`)));
    writeFields(page, change.application);
  }
  const { common, resources, alike } = condense(change.resources);
  for (const field of common) {
    page.line(2, paint.cyan(page.cut(2, `~ ${field.places} times ${field.path}`)));
    writeLines(page, field, 6);
  }
  const shown = resources.slice(0, most.resources);
  for (const resource of shown) writeResource(page, resource);
  more(page, 2, resources.length - shown.length, "resource");
  if (alike.length > 0) page.line(2, paint.dim(`and nothing else in ${count(alike.length, "resource")}`));
}

function writeResource(page: Page, resource: PlanResource): void {
  const { paint } = page;
  const tint = { add: paint.green, change: paint.cyan, remove: paint.red }[resource.change];
  page.line(2, tint(page.cut(2, `${signs[resource.change]} ${resourceName(resource)}`)));
  writeFields(page, resource.fields ?? []);
}

function writeFields(page: Page, fields: readonly PlanField[]): void {
  for (const field of fields.slice(0, most.fields)) {
    page.line(6, page.cut(6, field.path, "start"));
    writeLines(page, field, 8);
  }
  more(page, 6, fields.length - most.fields, "field");
}

function writeLines(page: Page, field: PlanField, indent: number): void {
  const { paint } = page;
  const lines = fieldLines(field);
  for (const { sign, text } of lines.slice(0, most.lines)) {
    page.line(indent, (sign === "-" ? paint.red : paint.green)(page.cut(indent, `${sign} ${text}`)));
  }
  more(page, indent, lines.length - most.lines, "line");
}

function more(page: Page, indent: number, number: number, noun: string): void {
  if (number > 0) page.line(indent, page.paint.dim(`... and ${count(number, `more ${noun}`)}; --json has them all`));
}

function writeUnknown(page: Page, title: string, list: readonly (Unknown | Failed)[], plan: Plan, tint: Paint): void {
  if (list.length === 0) return;
  page.line(0, "");
  page.line(0, page.paint.bold(tint(title)));
  for (const item of list) {
    const side = "side" in item && item.side === "base" ? " before this change" : "";
    const what = item.component === "*" ? "everything" : item.component;
    page.wrap(2, `${what} in ${clusterWords(item.clusters, plan.clusters)}${side}: ${item.reason}`);
  }
}

/** Lines that keep to a width. Colour is put on after measuring. */
class Page {
  text = "";

  constructor(
    private readonly columns: number,
    readonly paint: ReturnType<typeof painter>,
  ) {}

  line(indent: number, text: string): void {
    this.text += `${" ".repeat(indent)}${text}`.trimEnd() + "\n";
  }

  /** A line of what has a name of its own, wrapped below itself. */
  labelled(label: string, text: string, tint: Paint = (same) => same): void {
    const width = label === "!" ? 2 : 10;
    wrapped(text, this.columns - 2 - width).forEach((part, index) =>
      this.line(2, tint(`${(index === 0 ? label : "").padEnd(width)}${part}`)),
    );
  }

  wrap(indent: number, text: string, tint: Paint = (same) => same): void {
    wrapped(text, this.columns - indent - 2).forEach((part, index) =>
      this.line(indent + (index === 0 ? 0 : 2), index === 0 ? tint(part) : part),
    );
  }

  /** Shortens a text to what fits after an indent, at its end or at its start. */
  cut(indent: number, text: string, where: "start" | "end" = "end"): string {
    const room = this.columns - indent;
    const clean = printable(text);
    if (clean.length <= room) return clean;
    return where === "end" ? `${clean.slice(0, room - 3)}...` : `...${clean.slice(clean.length - room + 3)}`;
  }
}

/** Breaks at spaces, and words that are longer than a line anywhere. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (let word of printable(text).split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = "";
    } else if (line !== "") {
      line += " ";
    }
    for (; word.length > width; word = word.slice(width)) lines.push(word.slice(0, width));
    line += word;
  }
  return [...lines, line];
}
