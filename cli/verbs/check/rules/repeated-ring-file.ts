import { isDeepStrictEqual } from "node:util";
import type { Rule } from "../rule";
import { overlay } from "../../../tree/values/merge";
import { ringFiles } from "../source/ring-files";

export const repeatedRingFile: Rule = {
  id: "repeated-ring-file",
  check(input, report) {
    for (const { component, stage, ring, pin, values } of ringFiles(input)) {
      const own = component.pins.get(stage);
      if (pin?.pin && own?.pin && isDeepStrictEqual(pin.pin, own.pin)) {
        const message = `the ring ${ring} of ${stage} pins what ${own.path} pins`;
        report.finding({ file: pin.path }, message, "remove it: the ring reads the stage's pin");
      }
      if (values === undefined) continue;
      const stageValues = `${component.directory}/stages/${stage}/values.yaml`;
      const under = input.files.has(stageValues) ? input.inventory.valuesOf(stageValues) : {};
      const over = input.inventory.valuesOf(values);
      if (!under || !over || !isDeepStrictEqual(overlay([under, over]), under)) continue;
      const message =
        Object.keys(over).length === 0
          ? `this values file of the ring ${ring} of ${stage} sets nothing`
          : `the ring ${ring} of ${stage} sets only what ${stageValues} sets`;
      report.finding({ file: values }, message, "remove it: the ring reads the stage's values");
    }
  },
};
