import type { Rule } from "../rule";
import { pinsOf } from "../source/inventory";
import { unsatisfied } from "../source/unsatisfied";
import { stepAt, stepWords } from "../../../tree/ring-steps";
import { lineAt } from "../../../tree/values/yaml";

export const unsatisfiedCapability: Rule = {
  id: "unsatisfied-capability",
  check(input, report) {
    for (const component of input.inventory.components.values()) {
      for (const found of pinsOf(component)) {
        const { stage, ring, path, pin } = found;
        const lacks = unsatisfied(input, found);
        if (!pin || !lacks) continue;
        const { able, lacking } = lacks;
        const place = stepWords(stepAt(stage, ring));
        const nowhere = lacking[0]!.filter((one) => lacking.every((missing) => missing.includes(one)));
        const words = (list: readonly string[]) => list.map((one) => `"${one}"`).join(" and ");
        const message =
          nowhere.length > 0
            ? `requires ${words(nowhere)}, which no cluster of ${place} has`
            : `requires ${words([pin.requires].flat())}, and no cluster of ${place} has all of it`;
        const at = { file: path, line: lineAt(input.files.yaml(path), ["requires"]) ?? 1 };
        report.finding(at, message, `require one of ${[...new Set(able.flat())].join(", ")}, or remove the pin`);
      }
    }
  },
};
