import { nearestName } from "../../../../model/names";
import type { CheckInput } from "../input";
import type { Rule } from "../rule";
import { pinsOf } from "../source/inventory";
import { lineAt } from "../../../tree/values/yaml";

export const missingChart: Rule = {
  id: "missing-chart",
  check(input, report) {
    for (const { path, chart, version } of pinned(input)) {
      const versions = input.inventory.charts.get(chart);
      if (versions?.has(version)) continue;
      const at = (key: string) => ({ file: path, line: lineAt(input.files.yaml(path), [key]) ?? 1 });
      if (versions) {
        const known = [...versions].sort().join(", ");
        report.finding(at("version"), `chart ${chart} has no version ${version}`, `use one of: ${known}`);
      } else {
        report.finding(at("chart"), `chart "${chart}" is not in gitops/charts`, offer(chart, input));
      }
    }
  },
};

/** Chart and version of every pin of this repository's charts. */
function* pinned({ inventory }: CheckInput): Generator<{ path: string; chart: string; version: string }> {
  for (const component of inventory.components.values()) {
    for (const { path, pin } of pinsOf(component)) {
      if (pin?.chart !== undefined && pin.repo === undefined) yield { path, chart: pin.chart, version: pin.version };
    }
  }
  for (const { cluster, component, path, pin } of [...inventory.ownPins.values()].flatMap((own) => [...own.values()])) {
    if (!pin || (pin.chart === undefined && pin.version === undefined)) continue;
    for (const stagePin of inventory.components.get(component)?.pins.values() ?? []) {
      if (!stagePin.pin || stagePin.pin.repo !== undefined || !inventory.clusters.has(cluster)) continue;
      const chart = pin.chart ?? stagePin.pin.chart;
      if (chart === undefined || stagePin.pin.kustomize) continue;
      yield { path, chart, version: pin.version ?? stagePin.pin.version };
    }
  }
}

function offer(chart: string, { inventory }: CheckInput): string {
  const known = [...inventory.charts.keys()];
  const near = nearestName(chart, known);
  return near === undefined
    ? `add repo if it is a third-party chart (charts in the tree: ${known.join(", ")})`
    : `use "${near}", or add repo if it is a third-party chart`;
}
