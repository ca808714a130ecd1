import { stageWords } from "../cluster-words";
import type { Plan, PlanCluster } from "../types";
import { escapeHtml } from "./html-escape";
import { pastTense, signs, stateOf } from "./words";

/** Up to this number of clusters, each has its own column from the start. */
const alone = 30;

/** The cell of one component and one cluster. */
interface Mark {
  tone: string;
  sign: string;
  /** What happens, in words. */
  what: string;
  /** Index of the change, from 0; missing for what fails or is not known. */
  change?: number;
}

/** Clusters of one stage, and of one ring of it, whose marks are all the same. */
interface Column {
  stage: string;
  ring?: string | undefined;
  clusters: string[];
  marks: (Mark | undefined)[];
}

/**
 * Clusters across, components down; every mark leads to its change. Of a large fleet clusters with the same marks share
 * a column until the reader asks for every cluster; the page's script then takes the columns apart. Without changes
 * there is no matrix.
 */
export function matrix(plan: Plan): string {
  if (plan.changes.length === 0) return "";
  const unknown = [...plan.failed, ...plan.notEvaluated].map(({ component }) => component);
  const all = [...plan.changes.map(({ component }) => component), ...unknown];
  const components = [...new Set(all)].filter((component) => component !== "*");
  const marks = marksOf(plan);
  const shared = plan.clusters.length > alone;
  const columns = columnsOf(plan.clusters, (name) => components.map((of) => marks.get(of)?.get(name)), shared);
  const stage = new Set<string>();
  const isFirst = (column: Column) => !stage.has(column.stage) && stage.add(column.stage);
  const heads = columns.map((column) => head(column, plan));
  const rows = components.map((component, row) => {
    const cells = columns.map((column) => cell(component, column, column.marks[row], plan));
    return `<tr><th scope="row">${escapeHtml(component)}</th>${cells.join("")}</tr>`;
  });
  const stages = columns.filter(isFirst).map((first) => {
    const span = columns.filter((column) => column.stage === first.stage).length;
    return `<th scope="colgroup" colspan="${span}" class="stage">${escapeHtml(first.stage)}</th>`;
  });
  const toggle = `<button type="button" id="every" aria-pressed="false">Every cluster (${plan.clusters.length})</button>`;
  return `<section class="matrix" aria-label="Clusters and components">
<div class="scroll" tabindex="0" role="group" aria-label="Matrix, scrolls sideways">
<table>
<thead>
<tr><td></td>${stages.join("")}</tr>
<tr><td></td>${heads.join("")}</tr>
</thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>
</div>
<p class="legend muted"><span><b class="add">+</b> added</span> <span><b class="change">~</b> changed</span> <span><b class="remove">&minus;</b> removed</span> <span><b class="high">!</b> high danger</span> <span><b class="high">x</b> refused</span> <span><b class="medium">?</b> fails or not evaluated</span>${shared ? ` <span class="toggle">Clusters with the same marks share a column. ${toggle}</span>` : ""}</p>
</section>`;
}

function columnsOf(
  clusters: readonly PlanCluster[],
  marksOf: (cluster: string) => (Mark | undefined)[],
  shared: boolean,
): Column[] {
  const columns = new Map<string, Column>();
  for (const { name, stage, ring } of clusters) {
    const marks = marksOf(name);
    const key = shared ? JSON.stringify([stage, ring, marks]) : name;
    const same = columns.get(key);
    if (same) same.clusters.push(name);
    else columns.set(key, { stage, ring, clusters: [name], marks });
  }
  // Clusters come in the order of their stages, and columns of one stage stay together.
  const order = [...new Set(clusters.map(({ stage }) => stage))];
  return [...columns.values()].sort((a, b) => order.indexOf(a.stage) - order.indexOf(b.stage));
}

function head(column: Column, plan: Plan): string {
  const { clusters, stage } = column;
  const names = `data-clusters="${escapeHtml(clusters.join(" "))}" data-stage="${escapeHtml(stage)}"`;
  const title = clusters.length === 1 ? "" : ` title="${escapeHtml(clusters.join(", "))}"`;
  return `<th scope="col" class="cluster" ${names} data-where="${escapeHtml(where(clusters, plan))}"${title}><span>${escapeHtml(shortName(column, plan))}</span></th>`;
}

/** The column's name: a cluster, or how many of a stage or a ring. */
function shortName({ clusters, stage, ring }: Column, plan: Plan): string {
  if (clusters.length === 1) return clusters[0]!;
  const all = plan.clusters.filter((cluster) => cluster.stage === stage && cluster.ring === ring).length;
  const of = ring === undefined ? "" : `${ring}: `;
  return clusters.length === all ? `${of}all ${all}` : `${of}${clusters.length} of ${all}`;
}

function where(clusters: readonly string[], plan: Plan): string {
  return stageWords(clusters, plan.clusters);
}

function cell(component: string, { clusters }: Column, mark: Mark | undefined, plan: Plan): string {
  if (mark === undefined) return "<td></td>";
  const label = escapeHtml(`${component} in ${where(clusters, plan)}: ${mark.what}`);
  return mark.change === undefined
    ? `<td class="${mark.tone}" title="${escapeHtml(mark.what)}">${mark.sign}</td>`
    : `<td class="${mark.tone}"><a href="#c${mark.change}" aria-label="${label}">${mark.sign}</a></td>`;
}

/** By component, then by cluster; a change takes precedence over a note that part of it is not known. */
function marksOf({ changes, failed, notEvaluated }: Plan): Map<string, Map<string, Mark>> {
  const marks = new Map<string, Map<string, Mark>>();
  const put = (component: string, clusters: readonly string[], mark: Mark) => {
    let row = marks.get(component);
    if (row === undefined) marks.set(component, (row = new Map()));
    for (const cluster of clusters) row.set(cluster, mark);
  };
  for (const { component, clusters, reason } of [...notEvaluated, ...failed]) {
    put(component, clusters, { tone: "medium", sign: "?", what: reason });
  }
  changes.forEach((one, index) => {
    const { component, clusters, dangers } = one;
    const state = stateOf(one);
    for (const cluster of clusters) {
      const here = dangers.filter(({ clusters: some }) => some === undefined || some.includes(cluster));
      const high = here.some(({ level }) => level === "high");
      const danger = here.length === 0 ? "" : `, ${here.length} danger${here.length === 1 ? "" : "s"}`;
      put(component, [cluster], {
        tone: high || state === "refused" ? "high" : state,
        sign: high ? "!" : state === "remove" ? "&minus;" : signs[state],
        what: pastTense[state] + danger,
        change: index,
      });
    }
  });
  return marks;
}
