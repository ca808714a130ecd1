import { stringify } from "yaml";
import { count } from "../../../terminal/table";
import { fieldLines } from "../text-diff";
import { resourceName } from "../../../tree/resource";
import type { Danger, Plan, PlanChange, PlanField, PlanResource } from "../types";
import { condense } from "./condense";
import { factsOf, resourceTitle, variedPlaces, type UnknownWords } from "./facts";
import { escapeHtml } from "./html-escape";
import { clusterWords, pastTense, signs, stateOf } from "./words";

/** How many lines of one value or manifest, and facts of one kind, are shown before the rest is only counted. */
const most = { lines: 400, facts: 40 };

/** One change: its summary, and on click everything about it. */
export function changeCard(change: PlanChange, index: number, plan: Plan): string {
  const { component, clusters, dangers, causes, resources, application } = change;
  const { common, resources: left, alike } = condense(resources);
  const stages = new Set(plan.clusters.filter(({ name }) => clusters.includes(name)).map(({ stage }) => stage));
  const search = [
    component,
    ...clusters,
    change.change,
    ...resources.map(resourceName),
    ...causes.map(({ file }) => file),
  ];
  const facts = factsOf(change, plan);
  const lines = (wanted: string) =>
    facts.filter(({ label }) => label === wanted).map(({ text, place }) => text + place);
  const named = [
    factList("image", lines("image")),
    factList("replicas", lines("replicas")),
    factList("cause", lines("cause")),
    clusters.length > 3 ? clusterList(clusters) : "",
  ].join("");
  return `<details class="card ${change.change}" id="c${index}" data-search="${escapeHtml(search.join(" ").toLowerCase())}" data-stages="${escapeHtml([...stages].join(" "))}"${dangers.length > 0 ? " data-dangerous" : ""}>
<summary>
<span class="sign ${change.change}" aria-hidden="true">${stateOf(change) === "remove" ? "&minus;" : signs[stateOf(change)]}</span>
<span class="name">${escapeHtml(component)}<span class="sr"> ${pastTense[stateOf(change)]}</span></span>
<span class="where muted">${escapeHtml(clusterWords(clusters, plan.clusters))}</span>
<span class="badges">${badges(change)}</span>
</summary>
<div class="body">
${(change.refused ?? []).map((reason) => `<p class="danger high"><code>refused</code> ${escapeHtml(reason)}</p>`).join("\n")}
${dangers.map(dangerLines).join("\n")}
${named === "" ? "" : `<dl>${named}</dl>`}
${varied(change, plan)}
${application.length > 0 ? diff(`~ Application ${component}`, "change", application.map(field).join("")) : ""}
${common.map((same) => diff(`~ ${same.places} times`, "change", field(same))).join("\n")}
${left.map((resource) => resourceDiff(resource, plan)).join("\n")}
${alike.length > 0 ? `<p class="muted">and nothing else in ${escapeHtml(alike.map(resourceName).join(", "))}</p>` : ""}
</div>
</details>`;
}

function badges({ dangers, resources, images }: PlanChange): string {
  const ids = [...new Map(dangers.map(({ id, level }) => [id, level]))];
  return [
    ...ids.map(([id, level]) => `<span class="badge ${level}">${id}</span>`),
    ...(images.length > 0 ? [`<span class="badge">${count(images.length, "image")}</span>`] : []),
    `<span class="badge">${count(resources.length, "resource")}</span>`,
  ].join(" ");
}

/** One danger; what it sums up is shown on click. */
function dangerLines({ id, level, message, details = [] }: Danger): string {
  const line = `<p class="danger ${level}"><code>${id}</code> ${escapeHtml(message)}</p>`;
  if (details.length === 0) return line;
  const parts = details.map((one) => `<li><code>${one.id}</code> ${escapeHtml(one.message)}</li>`);
  return `${line}\n<details class="diff"><summary class="${level}"><b>each of these ${count(details.length, "right")}</b></summary><ul>${parts.join("")}</ul></details>`;
}

function factList(name: string, texts: readonly string[]): string {
  if (texts.length === 0) return "";
  const shown = texts.slice(0, most.facts).map((text) => `<dd>${escapeHtml(text)}</dd>`);
  const rest = texts.length > most.facts ? `<dd>and ${texts.length - most.facts} more</dd>` : "";
  return `<div><dt>${name}</dt>${shown.join("")}${rest}</div>`;
}

function clusterList(clusters: readonly string[]): string {
  const names = clusters.map((name) => `<span>${escapeHtml(name)}</span>`).join(" ");
  return `<div><dt>clusters</dt><dd><details class="names"><summary>${clusters.length} names</summary>${names}</details></dd></div>`;
}

function resourceDiff(resource: PlanResource, plan: Plan): string {
  const title = `${signs[stateOf(resource)]} ${resourceTitle(resource, plan)}`;
  if (resource.change === "change") {
    return diff(title, "change", (resource.fields ?? []).map(field).join(""), resource.source);
  }
  const body = lines(manifestLines(resource), resource.change === "add" ? "+" : "-");
  return `<details class="diff"><summary class="${resource.change}">${heading(title, resource.source)}</summary>${body}</details>`;
}

function diff(title: string, tone: string, body: string, source?: string): string {
  return `<section class="diff"><h3 class="${tone}">${heading(title, source)}</h3>${body}</section>`;
}

function heading(title: string, source?: string): string {
  const from = source === undefined ? "" : ` <span class="source">${escapeHtml(source)}</span>`;
  return `<b>${escapeHtml(title)}</b>${from}`;
}

function field(change: PlanField): string {
  const shown = fieldLines(change);
  const marked = shown.slice(0, most.lines).map(({ sign, text }) => line(sign, text));
  return `<div class="field"><code class="path">${escapeHtml(change.path)}</code><pre>${marked.join("")}</pre>${rest(shown.length)}</div>`;
}

function manifestLines({ manifest }: PlanResource): string[] {
  return manifest === undefined ? [] : stringify(manifest, { lineWidth: 0 }).trimEnd().split("\n");
}

function lines(all: readonly string[], sign: "+" | "-"): string {
  if (all.length === 0) return "";
  const marked = all.slice(0, most.lines).map((text) => line(sign, text));
  return `<div class="field"><pre>${marked.join("")}</pre>${rest(all.length)}</div>`;
}

function line(sign: string, text: string): string {
  const tag = sign === "+" ? "ins" : sign === "-" ? "del" : "span";
  return `<${tag}>${sign === "-" ? "−" : sign} ${escapeHtml(text)}\n</${tag}>`;
}

function rest(length: number): string {
  return length > most.lines ? `<p class="muted">and ${count(length - most.lines, "more line")}</p>` : "";
}

/** Every value of what differs between the clusters; the diffs below show the first value of each. */
function varied(change: PlanChange, plan: Plan): string {
  const places = variedPlaces(change, plan);
  if (places.length === 0) return "";
  const rows = places.map(({ title, values }) => {
    const items = values.map(
      ({ text, place }) =>
        `<li><code>${escapeHtml(text)}</code> <span class="muted">in ${escapeHtml(place)}</span></li>`,
    );
    return `<div class="field"><code class="path">${escapeHtml(title)}</code><ul>${items.join("")}</ul></div>`;
  });
  return `<details class="diff varied"><summary class="medium"><b>${count(places.length, "place")} with other values in other clusters</b></summary>${rows.join("")}</details>`;
}

/** What is not known is never left out. */
export function unknownSection(title: string, tone: string, items: readonly UnknownWords[]): string {
  const lines = items.map(
    ({ what, where, reason }) => `<li><b>${escapeHtml(what)}</b>${escapeHtml(where)}: ${escapeHtml(reason)}</li>`,
  );
  return `<section class="unknowns ${tone}"><h2>${title}</h2><ul>${lines.join("")}</ul></section>`;
}
