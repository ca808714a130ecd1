import type { Rule } from "../rule";
import { pinsOf } from "../source/inventory";
import { promoteLine, stepAt, stepWords } from "../../../tree/ring-steps";
import { lineAt } from "../../../tree/values/yaml";
import { aheadOf } from "../../../tree/ahead";

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
      });
      for (const { stage, ring, path, pin } of pinsOf(component)) {
        const { rings = [] } = input.tree.stages.get(stage) ?? {};
        // Later rings are judged by the ring before.
        if (!pin || (ring !== undefined && ring !== rings[0])) continue;
        const earlier = stages.slice(0, Math.max(0, stages.indexOf(stage)));
        const before = earlier.findLast((one) => component.pins.get(one)?.pin);
        if (before === undefined) continue;
        const place = stepWords(stepAt(stage, ring));
        for (const { key, found, at } of aheadOf(pin, component.pins.get(before)!.pin!)) {
          const message = `${key} ${found[0]} in ${place} is ahead of ${found[1]} in ${before}`;
          const line = lineAt(input.files.yaml(path), at) ?? 1;
          report.finding(
            { file: path, line },
            message,
            `bring ${before} to it first, then \`${promoteLine(component.name, { stage })}\``,
          );
        }
      }
    }
  },
};
