import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isMapping } from "../../../../model/mapping";
import { sourceRoot } from "../../../../model/source-root";
import { inlinePolicy } from "../../../page/policy";
import type { Plan } from "../types";
import { escapeHtml, readable } from "../../../terminal/html-escape";
import { headline, planTitle } from "./words";

/**
 * The plan as one page that needs nothing else: no file, no network, no server. Its policy allows only the style and
 * the script inside it, and it can be read without the script.
 */
export function planHtml(plan: Plan): string {
  // Its types are those of a browser, which nothing else of the tool may use, so it is checked as a project of its own.
  const { planBody } = require("./view/static") as { planBody(plan: Plan): string };
  const style = source("cli/page/base.css") + source("cli/verbs/plan/report/view/style.css");
  const script = `${source("cli/verbs/plan/report/view/script.js")}\nbringToLife();\n`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${inlinePolicy({ style, script })}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Plan: ${escapeHtml(headline(plan))}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#changes">Skip to the changes</a>
<header>
<h1>${escapeHtml(planTitle(plan))}</h1>
</header>
<main>
${planBody(printable(plan))}
</main>
<footer class="muted">Made by <code>onebranch plan</code>. Values of secrets are masked.</footer>
<script type="module">${script}</script>
</body>
</html>
`;
}

/** A plan in which every text is as a page may show it: the page's components escape, and leave characters as they are. */
function printable<T>(value: T): T {
  if (typeof value === "string") return readable(value) as T;
  if (Array.isArray(value)) return value.map(printable) as T;
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [readable(key), printable(inner)])) as T;
}

function source(path: string): string {
  return readFileSync(join(sourceRoot, path), "utf8");
}
