import { stringify } from "yaml";
import { count } from "../../table";
import {
  resourceName,
  type Failed,
  type Plan,
  type PlanChange,
  type PlanField,
  type PlanResource,
  type Unknown,
} from "../types";
import { condense } from "./condense";
import { escapeHtml } from "./html-escape";
import { causeWords, clusterWords, fieldLines, imageWords, pastTense, replicaWords, signs } from "./words";

/** Lines of one value or manifest, and clusters by name, before the rest is only counted. */
const most = { lines: 400, causes: 40 };

/** One change: its summary, and on click everything about it. */
export function changeCard(change: PlanChange, index: number, plan: Plan): string {
  const { component, clusters, dangers, images, replicas, causes, resources, application, renders } = change;
  const { common, resources: left, alike } = condense(resources);
  const stages = new Set(plan.clusters.filter(({ name }) => clusters.includes(name)).map(({ stage }) => stage));
  const search = [
    component,
    ...clusters,
    change.change,
    ...resources.map(resourceName),
    ...causes.map(({ file }) => file),
  ];
  const facts = [
    ...images.map((image) => fact("image", imageWords(image))),
    ...replicas.map((replica) => fact("replicas", replicaWords(replica))),
    ...causes.slice(0, most.causes).map((cause) => fact("cause", causeWords(cause))),
    ...(causes.length > most.causes ? [fact("cause", `and ${causes.length - most.causes} more`)] : []),
    ...(clusters.length > 3 ? [fact("clusters", clusters.join(", "))] : []),
  ];
  const note =
    renders > 1 ? `<p class="muted">${renders} different manifests change alike here; one of them is shown.</p>` : "";
  return `<details class="card ${change.change}" id="c${index}" data-search="${escapeHtml(search.join(" ").toLowerCase())}" data-stages="${escapeHtml([...stages].join(" "))}"${dangers.length > 0 ? " data-dangerous" : ""}>
<summary>
<span class="sign ${change.change}" aria-hidden="true">${change.change === "remove" ? "&minus;" : signs[change.change]}</span>
<span class="name">${escapeHtml(component)}<span class="sr"> ${pastTense[change.change]}</span></span>
<span class="where muted">${escapeHtml(clusterWords(clusters, plan.clusters))}</span>
<span class="badges">${badges(change)}</span>
</summary>
<div class="body">
${dangers.map(({ id, level, message }) => `<p class="danger ${level}"><code>${id}</code> ${escapeHtml(message)}</p>`).join("\n")}
${facts.length > 0 ? `<dl>${facts.join("")}</dl>` : ""}
${note}
${application.length > 0 ? diff(`~ Application ${component}`, "change", application.map(field).join("")) : ""}
${common.map((same) => diff(`~ ${same.places} times`, "change", field(same))).join("\n")}
${left.map(resourceDiff).join("\n")}
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

function fact(name: string, text: string): string {
  return `<div><dt>${name}</dt><dd>${escapeHtml(text)}</dd></div>`;
}

function resourceDiff(resource: PlanResource): string {
  const title = `${resource.change === "change" ? "~" : signs[resource.change]} ${resourceName(resource)}`;
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

/** What is not known is never left out. */
export function unknownSection(title: string, tone: string, list: readonly (Unknown | Failed)[], plan: Plan): string {
  if (list.length === 0) return "";
  const items = list.map((item) => {
    const side = "side" in item && item.side === "base" ? " before this change" : "";
    const what = item.component === "*" ? "everything" : item.component;
    return `<li><b>${escapeHtml(what)}</b> in ${escapeHtml(clusterWords(item.clusters, plan.clusters))}${side}: ${escapeHtml(item.reason)}</li>`;
  });
  return `<section class="unknowns ${tone}"><h2>${title}</h2><ul>${items.join("")}</ul></section>`;
}
