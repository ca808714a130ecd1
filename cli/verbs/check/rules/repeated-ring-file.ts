import { isDeepStrictEqual } from "node:util";
import type { Rule } from "../rule";
import { stepWords } from "../../../tree/ring-steps";
import { overlay } from "../../../tree/values/merge";
import { ringFiles } from "../source/ring-files";

export const repeatedRingFile: Rule = {
  id: "repeated-ring-file",
  check(input, report) {
    for (const { component, stage, ring, pin, values } of ringFiles(input)) {
      const own = component.pins.get(stage);
      if (pin?.pin && own?.pin && isDeepStrictEqual(pin.pin, own.pin)) {
        const message = `${stepWords({ stage, ring })} pins what ${own.path} pins`;
        report.finding({ file: pin.path }, message, "remove it: the ring reads the stage's pin");
      }
      if (values === undefined) continue;
      const stageValues = `${component.directory}/stages/${stage}/values.yaml`;
      const under = input.files.has(stageValues) ? input.inventory.valuesOf(stageValues) : {};
      const over = input.inventory.valuesOf(values);
      if (!under || !over || !isDeepStrictEqual(overlay([under, over]), under)) continue;
      const message =
        Object.keys(over).length === 0
          ? `this values file of ${stepWords({ stage, ring })} sets nothing`
          : `${stepWords({ stage, ring })} sets only what ${stageValues} sets`;
      report.finding({ file: values }, message, "remove it: the ring reads the stage's values");
    }
  },
};
