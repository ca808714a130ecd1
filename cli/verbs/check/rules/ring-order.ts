import type { Rule } from "../rule";
import { promoteLine, stepWords } from "../../../tree/ring-steps";
import { lineAt } from "../../../tree/values/yaml";
import { aheadOf } from "../../../tree/ahead";
import { ringFiles } from "../source/ring-files";

export const ringOrder: Rule = {
  id: "ring-order",
  check(input, report) {
    const all = ringFiles(input);
    for (const { component, stage, ring, place, pin, values } of all) {
      const { name } = component;
      const { rings } = input.tree.stages.get(stage)!;
      const promote = promoteLine(name, { stage });
      const files = [...(pin ? [pin.path] : []), ...(values === undefined ? [] : [values])];
      if (place === rings.length - 1) {
        const message = `${ring} is the last ring of ${stage}: what it has of ${name} is the stage's own`;
        for (const file of files) report.finding({ file }, message, `move it to the files of ${stage}: ${promote}`);
        continue;
      }
      const before = rings[place - 1];
      if (before === undefined) continue;
      const earlier = all.find((one) => one.component === component && one.stage === stage && one.ring === before);
      const skips = [...(pin && !earlier?.pin ? [pin.path] : []), ...(values && !earlier?.values ? [values] : [])];
      for (const file of skips) {
        const message = `this is in ${stepWords({ stage, ring })}, but not in ${before}, the ring before it`;
        report.finding({ file }, message, `bring it there first: ${promoteLine(name, { stage, ring: before })}`);
      }
      for (const { key, found, at } of pin?.pin && earlier?.pin?.pin ? aheadOf(pin.pin, earlier.pin.pin) : []) {
        const message = `${key} ${found[0]} in ${stepWords({ stage, ring })} is ahead of ${found[1]} in ${before}`;
        const line = lineAt(input.files.yaml(pin!.path), at) ?? 1;
        report.finding({ file: pin!.path, line }, message, `bring ${before} to it first, then \`${promote}\``);
      }
    }
  },
};
