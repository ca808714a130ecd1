import { effectiveCapabilities } from "../../../../model/providers";
import type { Rule } from "../rule";
import { pinsOf } from "../source/inventory";
import { stepAt, stepWords } from "../../../tree/ring-steps";
import { lineAt } from "../../../tree/values/yaml";

export const unsatisfiedCapability: Rule = {
  id: "unsatisfied-capability",
  check(input, report) {
    for (const component of input.inventory.components.values()) {
      for (const { stage, ring, path, pin } of pinsOf(component)) {
        const clusters = input.clustersOf(stage).filter((cluster) => ring === undefined || cluster.ring === ring);
        if (!pin || clusters.length === 0) continue;
        const able = clusters.flatMap((cluster) => effectiveCapabilities(cluster, cluster.provider));
        if (able.includes(pin.requires)) continue;
        const names = [...new Set(able)].join(", ");
        const message = `requires "${pin.requires}", which no cluster of ${stepWords(stepAt(stage, ring))} has`;
        const at = { file: path, line: lineAt(input.files.yaml(path), ["requires"]) ?? 1 };
        report.finding(at, message, `require one of ${names}, or remove the pin`);
      }
    }
  },
};
