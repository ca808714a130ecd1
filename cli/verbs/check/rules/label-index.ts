import type { Rule } from "../rule";

const lookup = /\b(index|get|dig)\s+(?:"[^"]*"\s+)*\.metadata\.(labels|annotations)\b/;

export const labelIndex: Rule = {
  id: "label-index",
  check({ files, inventory }, report) {
    for (const { path } of inventory.ofRole("bootstrap")) {
      const text = path.endsWith(".yaml") || path.endsWith(".tpl") ? files.text(path) : "";
      if (!text.includes(".metadata.")) continue;
      for (const [index, line] of text.split("\n").entries()) {
        const [, word, what] = lookup.exec(line) ?? [];
        if (word === undefined) continue;
        const message = `${word} on ${what} gives an empty string for one that is missing`;
        report.finding({ file: path, line: index + 1 }, message, `write .metadata.${what}.<name>`);
      }
    }
  },
};
