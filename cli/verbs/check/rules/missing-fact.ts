import { factsOf, lackedBecause } from "../../../../model/facts";
import { lineAt } from "../../../tree/values/yaml";
import { oneOf } from "../../../terminal/fail";
import type { Rule } from "../rule";

export const missingFact: Rule = {
  id: "missing-fact",
  check(input, report) {
    for (const { cluster, pin, pinPath } of input.deployments) {
      const has = factsOf(cluster);
      for (const [key, fact] of Object.entries(pin.facts ?? {})) {
        if (has[fact] !== undefined) continue;
        const why = lackedBecause[fact] === undefined ? "" : `: ${lackedBecause[fact]}`;
        const message = `${key} gets the fact "${fact}", which ${cluster.name} does not have${why}`;
        const line = lineAt(input.files.yaml(pinPath), ["facts", key]) ?? 1;
        report.finding(
          { file: pinPath, line },
          message,
          `give it ${oneOf(Object.keys(has))}, or ${cluster.name} the fact`,
        );
      }
    }
  },
};
