import { count } from "../../../terminal/table";
import { fieldLines } from "../text-diff";
import type { Plan, PlanChange, PlanField, PlanResource } from "../types";
import { condense } from "./condense";
import { painter } from "../../../terminal/colour";
import { factsOf, resourceTitle, unknownLists, variedPlaces } from "./facts";
import { Page } from "./page";
import { clusterWords, headline, shortRevision, signs, stateOf } from "./words";

export interface TextOptions {
  colour: boolean;
  /** Most columns of a line. */
  columns: number;
}

/** How much of each is shown before the rest is only counted. */
const most = { fields: 12, lines: 12, resources: 12, causes: 4, facts: 12, varied: 6, values: 3 };

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
  for (const { title, tone, items } of unknownLists(plan)) {
    page.line(0, "");
    page.line(0, paint.bold((tone === "failed" ? paint.red : paint.yellow)(title)));
    for (const { what, where, reason } of items) page.wrap(2, `${what}${where}: ${reason}`);
  }
  return page.text;
}

function writeChange(page: Page, change: PlanChange, plan: Plan): void {
  const { paint } = page;
  const tint = tints(page)[stateOf(change)];
  const where = clusterWords(change.clusters, plan.clusters);
  page.wrap(0, `${signs[stateOf(change)]} ${change.component}  ${where}`, (text) =>
    text.replace(/^\S \S+/, (name) => paint.bold(tint(name))),
  );
  for (const reason of change.refused ?? []) page.labelled("x", `refused: ${reason}`, paint.red);
  for (const { id, level, message } of change.dangers) {
    page.labelled("!", `${message} [${id}]`, level === "high" ? paint.red : paint.yellow);
  }
  writeFacts(page, change, plan);
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
  for (const resource of shown) writeResource(page, resource, plan);
  more(page, 2, resources.length - shown.length, "resource");
  if (alike.length > 0) page.line(2, paint.dim(`and nothing else in ${count(alike.length, "resource")}`));
  writeVaried(page, change, plan);
}

function writeFacts(page: Page, change: PlanChange, plan: Plan): void {
  const facts = factsOf(change, plan);
  const causes = facts.filter(({ label }) => label === "cause");
  const others = facts.filter(({ label }) => label !== "cause");
  for (const { label, text, place } of others.slice(0, most.facts)) page.labelled(label, text + place);
  more(page, 2, others.length - most.facts, "image or replica count");
  for (const { label, text } of causes.slice(0, most.causes)) page.labelled(label, text, page.paint.dim);
  more(page, 2, causes.length - most.causes, "cause");
}

/** Where clusters differ, and how; the lines above show the first value of each. */
function writeVaried(page: Page, change: PlanChange, plan: Plan): void {
  const places = variedPlaces(change, plan);
  for (const { title, values } of places.slice(0, most.varied)) {
    page.labelled("varies", title, page.paint.yellow);
    for (const { text, place } of values.slice(0, most.values)) {
      page.wrap(14, `${page.cut(30, text)} in ${place}`);
    }
    more(page, 14, values.length - most.values, "value");
  }
  more(page, 2, places.length - most.varied, "varying place");
}

function tints({ paint }: Page) {
  return { add: paint.green, change: paint.cyan, remove: paint.red, refused: paint.red };
}

function writeResource(page: Page, resource: PlanResource, plan: Plan): void {
  const state = stateOf(resource);
  page.line(2, tints(page)[state](page.cut(2, `${signs[state]} ${resourceTitle(resource, plan)}`)));
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
  if (number > 0) page.wrap(indent, `... and ${count(number, `more ${noun}`)}; --json has them all`, page.paint.dim);
}
