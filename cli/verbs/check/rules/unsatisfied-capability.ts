import { lackingCapabilities } from "../../../../model/capabilities";
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
        const able = clusters.map((cluster) => effectiveCapabilities(cluster, cluster.provider));
        const lacking = able.map((own) => lackingCapabilities(pin.requires, own));
        if (lacking.some((missing) => missing.length === 0)) continue;
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
