import type { CheckInput } from "../input";
import type { Rule } from "../rule";
import { placeOf } from "../source/places";

export const crossesRings: Rule = {
  id: "crosses-rings",
  title: "One change touches the pins or values of several stages.",
  why: "A fault would reach production together with the stage that was to find it.",
  fix: "Make one change for each stage, the earliest first. A component that is new or removed as a whole is free.",
  severity: "error",
  needs: "base",
  check(input, report) {
    const first = new Map<string, string>();
    for (const path of [...input.baseTree.changed].sort()) {
      const stage = stageOf(input, path);
      if (stage !== undefined && !first.has(stage)) first.set(stage, path);
    }
    const touched = [...input.tree.stages.keys()].filter((stage) => first.has(stage));
    for (const [index, stage] of touched.entries()) {
      const before = touched[index - 1];
      if (before === undefined) continue;
      const message = `this changes ${stage} together with ${before} (${first.get(before)})`;
      report.finding({ file: first.get(stage)! }, message, `land ${before} first, and ${stage} in a change of its own`);
    }
  },
};

/** The stage that a changed file belongs to alone; undefined for what is shared, or new, or gone as a whole. */
function stageOf(input: CheckInput, path: string): string | undefined {
  const place = placeOf(path);
  const { inventory: before } = input.baseTree;
  if (place.kind === "pin" || place.kind === "stage-values") {
    const { stage, component, group } = place;
    if (!before.component(group, component) || !input.inventory.component(group, component)) return undefined;
    return before.stages.has(stage) ? stage : undefined;
  }
  if (place.kind === "cluster-values" || place.kind === "cluster-pin") {
    return before.clusters.has(place.cluster) ? input.tree.clusters.get(place.cluster)?.stage : undefined;
  }
  return undefined;
}
