import type { Rule } from "../rule";
import { ringFiles } from "../source/ring-files";
import { lackingKeys } from "../../../tree/pins";

export const partialRingPin: Rule = {
  id: "partial-ring-pin",
  check(input, report) {
    for (const { component, stage, ring, pin } of ringFiles(input)) {
      const own = component.pins.get(stage);
      if (!pin?.pin || !own?.pin) continue;
      for (const key of lackingKeys(pin.pin, own.pin)) {
        const message = `the pin of the ring ${ring} lacks ${key}, which ${own.path} has, and the ring reads it from there`;
        report.finding({ file: pin.path }, message, `add ${key}, or change ${own.path} to the form without it first`);
      }
    }
  },
};
