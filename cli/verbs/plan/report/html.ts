import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sourceRoot } from "../../../../model/source-root";
import type { Plan } from "../types";
import { unknownLists } from "./facts";
import { changeCard, unknownSection } from "./html-changes";
import { escapeHtml } from "./html-escape";
import { matrix } from "./html-matrix";
import { count } from "../../../terminal/table";
import { headline, shortRevision } from "./words";

/**
 * The plan as one page that needs nothing else: no file, no network, no server. Its policy allows only the style and
 * the script inside it, and it can be read without the script.
 */
export function planHtml(plan: Plan): string {
  const style = readFileSync(join(sourceRoot, "cli", "page", "base.css"), "utf8") + part("style.css");
  const script = part("script.js");
  const policy = `default-src 'none'; style-src '${hash(style)}'; script-src '${hash(script)}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Plan: ${escapeHtml(headline(plan))}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#changes">Skip to the changes</a>
<header>
<h1>${escapeHtml(title(plan))}</h1>
<p class="revisions">From <code>${escapeHtml(shortRevision(plan.base))}</code> to <code>${escapeHtml(shortRevision(plan.head))}</code></p>
${figures(plan)}
</header>
<main>
${plan.changes.length === 0 ? "" : filters(plan)}
${matrix(plan)}
<section id="changes" aria-label="Changes" tabindex="-1">
${plan.changes.map((change, index) => changeCard(change, index, plan)).join("\n")}
<p id="none" class="muted" hidden>No change matches. <button type="button" id="clear">Show all</button></p>
</section>
${unknownLists(plan)
  .map(({ title, tone, items }) => unknownSection(title, tone, items))
  .join("\n")}
</main>
<footer class="muted">Made by <code>onebranch plan</code>. Values of secrets are masked.</footer>
<script>${script}</script>
</body>
</html>
`;
}

/** A file that is part of every page. */
function part(name: string): string {
  return readFileSync(join(sourceRoot, "cli", "verbs", "plan", "report", "page", name), "utf8");
}

function hash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function title({ changes, clusters }: Plan): string {
  if (changes.length === 0) return `Nothing changes in ${count(clusters.length, "cluster")}`;
  const touched = new Set(changes.flatMap((change) => change.clusters)).size;
  return `${count(changes.length, "change")} in ${touched} of ${count(clusters.length, "cluster")}`;
}

function figures({ changes, failed, notEvaluated }: Plan): string {
  const kind = (wanted: string) => changes.filter(({ change }) => change === wanted).length;
  const dangers = changes.flatMap((change) => change.dangers);
  const high = dangers.filter(({ level }) => level === "high").length;
  const other = dangers.length - high;
  const rows: [number, string, string][] = [
    [high, high === 1 ? "high danger" : "high dangers", "high"],
    [other, other === 1 ? "other danger" : "other dangers", "medium"],
    [kind("add"), "added", "add"],
    [kind("change"), "changed", "change"],
    [kind("remove"), "removed", "remove"],
    [failed.length, "failing", "high"],
    [notEvaluated.length, "not evaluated", "medium"],
  ];
  const shown = rows.filter(([number]) => number > 0);
  const items = shown.map(([number, label, tone]) => `<li class="${tone}"><b>${number}</b> ${label}</li>`);
  return shown.length === 0 ? "" : `<ul class="figures">${items.join("")}</ul>`;
}

function filters(plan: Plan): string {
  const stages = [...new Set(plan.clusters.map(({ stage }) => stage))];
  const options = stages.map((stage) => `<option>${escapeHtml(stage)}</option>`).join("");
  return `<form id="filters" role="search">
<label>Filter <input type="search" id="text" placeholder="component, cluster, kind, file" autocomplete="off"></label>
<label>Stage <select id="stage"><option value="">all</option>${options}</select></label>
<label class="check"><input type="checkbox" id="dangerous"> only with dangers</label>
<span id="shown" role="status" class="muted"></span>
</form>`;
}
