import type { CheckInput } from "../input";
import { isMissing } from "../missing";
import type { Rule } from "../rule";
import { roleOf } from "../../../tree/file-roles";
import { stepWords } from "../../../tree/ring-steps";

export const unreadValues: Rule = {
  id: "unread-values",
  also: "applications",
  async check(input, report) {
    const read = await readFiles(input);
    const { inventory } = input;
    const layers = inventory.ofRole(
      "component-values",
      "stage-values",
      "ring-values",
      "region-values",
      "cluster-values",
    );
    for (const file of [...layers, ...inventory.ofRole("ring-pin", "cluster-pin")]) {
      const component = inventory.components.get(file.component);
      // Names that do not exist are found by unknown-layer.
      if (read.has(file.path) || !component) continue;
      if (file.role === "stage-values" && !inventory.stages.has(file.stage)) continue;
      if ((file.role === "ring-values" || file.role === "ring-pin") && !input.isRing(file.stage, file.ring)) continue;
      if (file.role === "region-values" && !inventory.regions.has(file.region)) continue;
      report.finding({ file: file.path }, "no Application reads this file", reason(input, file.path, component.pins));
    }
  },
};

async function readFiles(input: CheckInput): Promise<Set<string>> {
  const read = new Set<string>();
  const made = isMissing(input.evaluation) ? undefined : await input.evaluation.applications();
  // Where bootstrap does not render there are no Applications, which is reported once and not for every file.
  if (made?.errors.length === 0) {
    for (const { origins, valueFiles } of made.applications) {
      for (const path of origins) read.add(path);
      for (const { path, exists } of valueFiles) if (exists) read.add(path);
    }
    return read;
  }
  for (const { layers, cluster, component } of input.deployments) {
    for (const path of layers) read.add(path);
    read.add(`gitops/clusters/${cluster.name}/pins/${component.name}.yaml`);
  }
  return read;
}

function reason({ tree }: CheckInput, path: string, pins: ReadonlyMap<string, unknown>): string {
  const file = roleOf(path);
  if (pins.size === 0) return "add a pin for the stage it is meant for, or remove it";
  if (file.role === "ring-values" || file.role === "ring-pin") {
    const isThere = [...tree.clusters.values()].some(({ stage, ring }) => stage === file.stage && ring === file.ring);
    if (!isThere) return `no cluster is in ${stepWords(file)}: promote past it, or remove it`;
  }
  const stages = `it is pinned in ${[...pins.keys()].join(", ")}`;
  if (file.role === "stage-values" && !pins.has(file.stage)) {
    return `add a pin.yaml beside it (${stages}), or remove it`;
  }
  if (file.role === "cluster-values" || file.role === "cluster-pin") {
    const stage = tree.clusters.get(file.cluster)?.stage;
    if (stage !== undefined && !pins.has(stage)) {
      return `pin the component in ${stage}, the stage of this cluster (${stages}), or remove it`;
    }
  }
  return `deploy the component to a cluster that has this layer (${stages}), or remove it`;
}
