import { offerNames } from "../../../../model/names";
import type { Rule } from "../rule";
import { lineAt } from "../../../tree/values/yaml";
import { isCovered, leavesOf } from "./uncovered-key";

export const unusedException: Rule = {
  id: "unused-exception",
  check({ files, inventory }, report) {
    for (const [cluster, { path, entries }] of inventory.exceptions) {
      for (const [index, { component, keys }] of (entries ?? []).entries()) {
        const at = (...steps: (string | number)[]) => ({
          file: path,
          line: lineAt(files.yaml(path), [index, ...steps]) ?? 1,
        });
        if (!inventory.components.has(component)) {
          const offer = offerNames(component, inventory.components.keys());
          report.finding(at("component"), `component "${component}" does not exist`, `${offer}, or remove the entry`);
          continue;
        }
        const own = `gitops/clusters/${cluster}/${keys ? "values" : "pins"}/${component}.yaml`;
        if (!files.has(own)) {
          const message = `this exception for ${component} excuses nothing: there is no ${own}`;
          report.finding(at(), message, "remove the entry, or add the file");
          continue;
        }
        const values = inventory.valuesOf(own);
        for (const [place, key] of values && keys ? keys.entries() : []) {
          if (leavesOf(values).some((leaf) => isCovered(leaf, key))) continue;
          report.finding(at("keys", place), `${own} does not set "${key}"`, "remove the key from the exception");
        }
      }
    }
  },
};
