import { parse } from "yaml";
import { compareText } from "../../model/findings";
import type { ClusterInput, OpenTree } from "../engine";
import type { PlanCluster } from "./types";

/** The clusters of both sides in stage order, then by name; the first tree that has one decides its stage. */
export function clustersOf(trees: readonly OpenTree[], only?: readonly string[]): PlanCluster[] {
  const found = new Map<string, PlanCluster>();
  for (const { clusters } of trees) {
    for (const cluster of clusters) {
      if ((only === undefined || only.includes(cluster.name)) && !found.has(cluster.name)) {
        found.set(cluster.name, {
          name: cluster.name,
          stage: label(cluster, "stage"),
          region: label(cluster, "region"),
        });
      }
    }
  }
  const order = stageOrder(...trees);
  return [...found.values()].sort(
    (a, b) => order(a.stage) - order(b.stage) || compareText(a.stage, b.stage) || compareText(a.name, b.name),
  );
}

function label({ secrets }: ClusterInput, name: string): string {
  return secrets[0]?.labels[name] ?? "";
}

/** The place of a stage in the order of promotion; what no file says comes first. */
export function stageOrder(...trees: OpenTree[]): (stage: string) => number {
  const known = new Map<string, number>();
  return (stage) => {
    let order = known.get(stage);
    if (order === undefined) {
      order =
        trees.map(({ tree }) => readOrder(tree.read(`gitops/stages/${stage}.yaml`))).find((n) => n !== undefined) ?? 0;
      known.set(stage, order);
    }
    return order;
  };
}

function readOrder(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  try {
    const order = (parse(text) as { order?: unknown } | null)?.order;
    return typeof order === "number" ? order : undefined;
  } catch {
    return undefined;
  }
}

/** The components that have files in a tree, and the one that makes them all. */
export function componentsOf(trees: readonly OpenTree[]): string[] {
  const found = new Set(["bootstrap"]);
  for (const { tree } of trees) {
    for (const { path } of tree.entries) {
      const name = /^gitops\/(?:addons|apps)\/([^/]+)\//.exec(path)?.[1];
      if (name !== undefined) found.add(name);
    }
  }
  return [...found].sort();
}
