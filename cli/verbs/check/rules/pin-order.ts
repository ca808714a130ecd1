import { compare, valid } from "semver";
import type { Pin } from "../../../../model/pin";
import type { Rule } from "../rule";
import { lineAt, type Step } from "../../../tree/values/yaml";

export const pinOrder: Rule = {
  id: "pin-order",
  check(input, report) {
    const stages = [...input.tree.stages.keys()];
    for (const component of input.inventory.components.values()) {
      stages.forEach((stage, index) => {
        const here = component.pins.get(stage);
        if (!here?.pin) return;
        const lacking = stages.slice(0, index).filter((earlier) => !component.pins.has(earlier));
        if (lacking.length > 0) {
          const message = `${component.name} is in ${stage}, but not in ${lacking.join(", ")}`;
          report.finding({ file: here.path }, message, `pin it in ${lacking[0]} first, or remove this pin`);
        }
        const before = stages.slice(0, index).findLast((earlier) => component.pins.get(earlier)?.pin);
        if (before === undefined) return;
        for (const { key, found, at } of aheadOf(here.pin, component.pins.get(before)!.pin!)) {
          const message = `${key} ${found[0]} in ${stage} is ahead of ${found[1]} in ${before}`;
          const line = lineAt(input.files.yaml(here.path), at) ?? 1;
          report.finding(
            { file: here.path, line },
            message,
            `bring ${before} to it first, then \`onebranch promote ${component.name} --to ${stage}\``,
          );
        }
      });
    }
  },
};

interface Ahead {
  key: string;
  found: [string, string];
  at: Step[];
}

/** Versions of a pin that are higher than those of the stage before; versions that cannot be compared are not judged. */
function aheadOf(pin: Pin, before: Pin): Ahead[] {
  const found: Ahead[] = [];
  const sameChart = pin.chart === before.chart && pin.repo === before.repo;
  if (sameChart && isHigher(pin.version, before.version)) {
    found.push({ key: "chart version", found: [pin.version, before.version], at: ["version"] });
  }
  const [tag, tagBefore] = [pin.image?.tag, before.image?.tag];
  const sameImage = pin.image?.repository === before.image?.repository;
  if (sameImage && tag !== undefined && tagBefore !== undefined && isHigher(tag, tagBefore)) {
    found.push({ key: "image tag", found: [tag, tagBefore], at: ["image", "tag"] });
  }
  return found;
}

function isHigher(a: string, b: string): boolean {
  return valid(a) !== null && valid(b) !== null && compare(a, b) > 0;
}
