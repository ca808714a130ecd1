import type { Plan, PlanCluster } from "../types";
import { escapeHtml } from "./html-escape";
import { pastTense, signs } from "./words";

/** Clusters up to which also those that stay as they are get a column. */
const allColumns = 30;

/** Clusters across, components down; every mark leads to its change. Without changes there is none. */
export function matrix(plan: Plan): string {
  if (plan.changes.length === 0) return "";
  const touched = new Set(plan.changes.flatMap(({ clusters }) => clusters));
  for (const { clusters } of [...plan.failed, ...plan.notEvaluated]) for (const name of clusters) touched.add(name);
  const columns =
    plan.clusters.length <= allColumns ? plan.clusters : plan.clusters.filter(({ name }) => touched.has(name));
  const components = [...new Set(plan.changes.map(({ component }) => component))];
  const marks = cells(plan);
  const rows = components.map((component) => {
    const name = `<th scope="row">${escapeHtml(component)}</th>`;
    return `<tr>${name}${columns.map(({ name }) => marks.get(`${component} ${name}`) ?? "<td></td>").join("")}</tr>`;
  });
  const left = plan.clusters.length - columns.length;
  return `<section class="matrix" aria-label="Clusters and components">
<div class="scroll" tabindex="0" role="group" aria-label="Matrix, scrolls sideways">
<table>
<thead>
<tr><td></td>${stages(columns)}</tr>
<tr><td></td>${columns.map(({ name }) => `<th scope="col" class="cluster"><span>${escapeHtml(name)}</span></th>`).join("")}</tr>
</thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>
</div>
<p class="legend muted"><b class="add">+</b> added <b class="change">~</b> changed <b class="remove">&minus;</b> removed <b class="high">!</b> high danger <b class="medium">?</b> fails or not evaluated${
    left > 0 ? `; ${left} clusters stay as they are` : ""
  }</p>
</section>`;
}

function stages(columns: readonly PlanCluster[]): string {
  const names = [...new Set(columns.map(({ stage }) => stage))];
  return names
    .map((name) => {
      const span = columns.filter(({ stage }) => stage === name).length;
      return `<th scope="colgroup" colspan="${span}" class="stage">${escapeHtml(name)}</th>`;
    })
    .join("");
}

function cells({ changes, failed, notEvaluated }: Plan): Map<string, string> {
  const marks = new Map<string, string>();
  for (const { component, clusters, reason } of [...notEvaluated, ...failed]) {
    const mark = `<td class="medium" title="${escapeHtml(reason)}">?</td>`;
    for (const cluster of clusters) marks.set(`${component} ${cluster}`, mark);
  }
  changes.forEach(({ component, clusters, change, dangers }, index) => {
    const high = dangers.some(({ level }) => level === "high");
    const sign = high ? "!" : change === "remove" ? "&minus;" : signs[change];
    const danger = dangers.length === 0 ? "" : `, ${dangers.length} danger${dangers.length === 1 ? "" : "s"}`;
    for (const cluster of clusters) {
      const label = escapeHtml(`${component} in ${cluster}: ${pastTense[change]}${danger}`);
      const tone = high ? "high" : change;
      marks.set(
        `${component} ${cluster}`,
        `<td class="${tone}"><a href="#c${index}" aria-label="${label}">${sign}</a></td>`,
      );
    }
  });
  return marks;
}
