import type { Plan, PlanCluster } from "../../types";
import { pastTense, signs, stateOf } from "../words";

/** The cell of one component and one cluster. */
export interface Mark {
  tone: string;
  sign: string;
  /** What happens, in words. */
  what: string;
  /** Index of the change, from 0; missing for what fails or is not known. */
  change?: number;
}

/** Clusters of one stage, and of one ring of it, whose marks are all the same. */
export interface Column {
  stage: string;
  ring?: string | undefined;
  clusters: string[];
  marks: (Mark | undefined)[];
}

/** Components with a mark, in the order of the plan. */
export function markedComponents({ changes, failed, notEvaluated }: Plan): string[] {
  const all = [...changes, ...failed, ...notEvaluated].map(({ component }) => component);
  return [...new Set(all)].filter((component) => component !== "*");
}

/**
 * The columns of the matrix of some components.
 * @param shared whether clusters with the same marks are one column
 */
export function columnsOf(plan: Plan, components: readonly string[], shared: boolean): Column[] {
  const marks = marksOf(plan);
  const columns = new Map<string, Column>();
  for (const { name, stage, ring } of plan.clusters) {
    const own = components.map((component) => marks.get(component)?.get(name));
    const key = shared ? JSON.stringify([stage, ring, own]) : name;
    const same = columns.get(key);
    if (same) same.clusters.push(name);
    else columns.set(key, { stage, ring, clusters: [name], marks: own });
  }
  // Clusters come in the order of their stages, and columns of one stage stay together.
  const order = stagesOf(plan.clusters);
  return [...columns.values()].sort((a, b) => order.indexOf(a.stage) - order.indexOf(b.stage));
}

export function stagesOf(clusters: readonly PlanCluster[]): string[] {
  return [...new Set(clusters.map(({ stage }) => stage))];
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
        sign: high ? "!" : state === "remove" ? "−" : signs[state],
        what: pastTense[state] + danger,
        change: index,
      });
    }
  });
  return marks;
}
