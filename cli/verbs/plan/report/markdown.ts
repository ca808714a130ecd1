import { count } from "../../../terminal/table";
import { fieldLines } from "../text-diff";
import type { Plan, PlanChange, PlanResource } from "../types";
import { condense } from "./condense";
import { factsOf, resourceTitle, unknownLists, variedPlaces, type UnknownWords } from "./facts";
import { clusterWords, headline, printable, shortRevision, signs, stateOf } from "./words";

/**
 * Most characters of a comment. GitHub takes 65,536 characters and 262,144 bytes, and no character that counts once
 * here has more than three bytes.
 */
export const markdownLimit = 65_000;

/** How much of a change is shown when not everything fits. */
type Detail = "full" | "facts" | "line";

/** Room that is kept for the sentence about what was cut. */
const reserve = 400;

/**
 * The plan as a comment of a pull request: within the limit, the most dangerous first, and it says what it left out.
 * Changes that do not fit whole are first shown without their diffs, then as a line, then counted.
 */
export function planMarkdown(plan: Plan, limit = markdownLimit): string {
  const head = [`### ${escape(headline(plan))}`, "", revisions(plan), ""].join("\n");
  const tail = unknowns(plan, Math.floor(limit / 4));
  let room = limit - head.length - tail.length - reserve;
  const shown: string[] = [];
  const cut = { full: 0, facts: 0, line: 0, none: 0 };
  for (const change of plan.changes) {
    const fitting = fit(change, plan, room);
    if (fitting === undefined) {
      // Later changes are less dangerous: a shorter one must not take the place of a worse one that was left out.
      room = 0;
      cut.none++;
      continue;
    }
    shown.push(fitting.text);
    room -= fitting.text.length;
    cut[fitting.detail]++;
  }
  return (
    [head, ...shown, cutText(cut), tail]
      .filter((part) => part !== "")
      .join("\n")
      .trimEnd() + "\n"
  );
}

/** The most detailed text of a change that there is room for. */
function fit(change: PlanChange, plan: Plan, room: number): { detail: Detail; text: string } | undefined {
  if (room <= 0) return undefined;
  for (const detail of ["full", "facts", "line"] as const) {
    const text = changeText(change, plan, detail);
    if (text.length <= room) return { detail, text };
  }
  return undefined;
}

function revisions({ base, head }: Plan): string {
  return `From \`${shortRevision(base)}\` to \`${shortRevision(head)}\`.`;
}

function cutText({ facts, line, none }: Record<Detail | "none", number>): string {
  const parts = [
    ...(facts > 0 ? [`the diffs of ${count(facts, "change")}`] : []),
    ...(line > 0 ? [`all but the first line of ${count(line, "change")}`] : []),
    ...(none > 0 ? [`${count(none, "whole change")}`] : []),
  ];
  if (parts.length === 0) return "";
  return `> **Cut to fit into a comment:** ${parts.join(", ")}. \`onebranch plan --html\` or \`--json\` shows everything.\n`;
}

function changeText(change: PlanChange, plan: Plan, detail: Detail): string {
  const title = `**${signs[stateOf(change)]} ${escape(change.component)}** ${escape(clusterWords(change.clusters, plan.clusters))}`;
  if (detail === "line") {
    const refused = change.refused ? " - refused" : "";
    const dangers = change.dangers.length === 0 ? "" : ` - ${count(change.dangers.length, "danger")}: ${ids(change)}`;
    return `${title}${refused}${dangers}\n`;
  }
  const lines = [
    title,
    "",
    ...(change.refused ?? []).map((reason) => `- 🔴 refused: ${escape(reason)}`),
    ...change.dangers.map(
      ({ id, level, message }) => `- ${level === "high" ? "🔴" : "🟡"} ${escape(message)} \`${id}\``,
    ),
    ...factLines(change, plan),
    ...(detail === "full" ? variedLines(change, plan) : []),
  ];
  return `${(detail === "full" ? lines.concat(details(change, plan)) : lines).join("\n")}\n`;
}

/** How many causes, and values of a place that varies, are shown before the rest is only counted. */
const most = { causes: 5, values: 4, varied: 20 };

function factLines(change: PlanChange, plan: Plan): string[] {
  const facts = factsOf(change, plan);
  const causes = facts.filter(({ label }) => label === "cause");
  const shown = [...facts.filter(({ label }) => label !== "cause"), ...causes.slice(0, most.causes)];
  return [
    ...shown.map(({ label, text, place }) => `- ${label} ${code(text)}${escape(place)}`),
    ...more("- ", causes.length - most.causes, "cause"),
  ];
}

function variedLines(change: PlanChange, plan: Plan): string[] {
  const places = variedPlaces(change, plan);
  return [
    ...places
      .slice(0, most.varied)
      .flatMap(({ title, values }) => [
        `- varies ${code(title)}`,
        ...values
          .slice(0, most.values)
          .map(({ text, place }) => `  - ${code(shortened(text, 200))} in ${escape(place)}`),
        ...more("  - ", values.length - most.values, "value"),
      ]),
    ...more("- ", places.length - most.varied, "varying place"),
  ];
}

function more(bullet: string, number: number, noun: string): string[] {
  return number > 0 ? [`${bullet}and ${count(number, `more ${noun}`)}`] : [];
}

function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 3).replace(/[\ud800-\udbff]$/, "")}...` : text;
}

function ids({ dangers }: PlanChange): string {
  return [...new Set(dangers.map(({ id }) => `\`${id}\``))].join(", ");
}

function details(change: PlanChange, plan: Plan): string[] {
  const { application, resources } = change;
  if (application.length + resources.length === 0) return [];
  const { common, resources: left, alike } = condense(resources);
  const body = [
    ...(application.length === 0
      ? []
      : [`~ Application ${printable(change.component)}`, ...application.flatMap(fieldText)]),
    ...common.flatMap((field) => [`~ ${field.places} times`, ...fieldText(field)]),
    ...left.flatMap((resource) => resourceText(resource, plan)),
    ...(alike.length > 0 ? [`  and nothing else in ${count(alike.length, "resource")}`] : []),
  ];
  const summary = resources.length > 0 ? count(resources.length, "resource") : "the Application";
  const fence = fenceFor(body);
  return ["", `<details><summary>${summary}</summary>`, "", `${fence}diff`, ...body, fence, "", "</details>"];
}

function resourceText(resource: PlanResource, plan: Plan): string[] {
  return [
    `${signs[stateOf(resource)]} ${printable(resourceTitle(resource, plan))}`,
    ...(resource.fields ?? []).flatMap(fieldText),
  ];
}

function fieldText(field: Parameters<typeof fieldLines>[0]): string[] {
  return [
    `    ${printable(field.path)}`,
    ...fieldLines(field).map(({ sign, text }) => `${sign}     ${printable(text)}`),
  ];
}

/** Lists that are never left out; entries that do not fit are counted. */
function unknowns(plan: Plan, room: number): string {
  return unknownLists(plan)
    .map(({ title, items }) => section(title, items, room / 3))
    .join("\n");
}

function section(title: string, items: readonly UnknownWords[], room: number): string {
  let text = `#### ${title}\n\n`;
  for (const [index, { what, where, reason }] of items.entries()) {
    const line = `- **${escape(what)}**${escape(where)}: ${escape(shortened(reason, 600))}\n`;
    if (text.length + line.length > room)
      return `${text}- and ${items.length - index} more; \`--json\` lists them all\n`;
    text += line;
  }
  return text;
}

/** A fence that is longer than any in the text. */
function fenceFor(lines: readonly string[]): string {
  return "`".repeat(Math.max(2, ...new Set(lines.map(longestTicks))) + 1);
}

function longestTicks(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, { length }) => Math.max(longest, length), 0);
}

function code(text: string): string {
  const clean = printable(text);
  const ticks = "`".repeat(longestTicks(clean) + 1);
  return ticks.length === 1 ? `\`${clean}\`` : `${ticks} ${clean} ${ticks}`;
}

/** Text of a tree must not become markup, mentions of people and teams, or references to issues. */
function escape(text: string): string {
  return printable(text)
    .replace(/[\\`*_{}[\]<>#|~&]/g, (character) => entities[character] ?? `\\${character}`)
    .replace(/[@#](?=\w)|\bGH-(?=\d)/gi, "$&\u200b");
}

const entities: Readonly<Record<string, string>> = { "<": "&lt;", "&": "&amp;" };
