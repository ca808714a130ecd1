import type { Rule } from "../rule";
import { lineAt } from "../values/yaml";

const nobody = /^(-+|\?+|n\/?a|none|nobody|no[- ]one|unknown|tbd|todo|fixme|xxx+|someone|anyone|everyone)$/i;

export const ownerlessException: Rule = {
  id: "ownerless-exception",
  title: "The owner of an exception is a placeholder.",
  why: "When the exception ends, or does harm, there is nobody to ask. An entry without any owner is refused as missing-key.",
  fix: "Name the team or person who answers for it.",
  severity: "error",
  check({ files, inventory }, report) {
    for (const [cluster, { path, entries }] of inventory.exceptions) {
      for (const [index, { component, owner }] of (entries ?? []).entries()) {
        if (!nobody.test(owner.trim())) continue;
        const line = lineAt(files.yaml(path), [index, "owner"]) ?? 1;
        const message = `"${owner}" does not own the exception of ${cluster} for ${component}`;
        report.finding({ file: path, line }, message, "name the team or person who answers for it");
      }
    }
  },
};
