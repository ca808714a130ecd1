import { isScalar, visit } from "yaml";
import { isMapping } from "../../../../model/mapping";
import { booleanWords, readYaml11 } from "../../../../model/yaml-1.1";
import { sourceOf } from "../evaluation";
import type { CheckInput } from "../input";
import { isMissing } from "../missing";
import type { Report, Rule } from "../rule";

/** A key of a template that is such a word without quotes. */
const wordAsKey = new RegExp(`(?:^\\s*(?:-\\s+)*|[{,]\\s*)(${booleanWords.join("|")})\\s*:(?:\\s|$)`);

export const booleanKey: Rule = {
  id: "boolean-key",
  also: "manifests",
  async check(input, report) {
    inFiles(input, report);
    if (!isMissing(input.evaluation)) await inTemplates(input, report);
  },
};

function inFiles({ files }: CheckInput, report: Report): void {
  for (const path of files.paths) {
    if (!/\.ya?ml$/.test(path) || path.includes("/templates/")) continue;
    const file = files.yaml(path);
    if (file.root === null) continue;
    visit(file.root, {
      Pair(_, { key }) {
        if (!isScalar(key) || key.type !== "PLAIN" || !booleanWords.includes(key.source ?? "")) return;
        say(report, { file: path, line: file.line(key) }, key.source!);
      },
    });
  }
}

/** A template is not YAML: what counts is that its output has such a key, and a line of it such a word. */
async function inTemplates({ files, evaluated }: CheckInput, report: Report): Promise<void> {
  for (const one of (await evaluated.manifests()).rendered) {
    for (const { object, source } of one.manifests) {
      if (!hasBooleanKey(object)) continue;
      const { file } = sourceOf(files, one, source);
      if (!file.includes("/templates/")) continue;
      files
        .text(file)
        .split("\n")
        .forEach((line, index) => {
          const word = wordAsKey.exec(line)?.[1];
          if (word !== undefined) say(report, { file, line: index + 1 }, word);
        });
    }
  }
}

function hasBooleanKey(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasBooleanKey);
  if (!isMapping(value)) return false;
  return Object.entries(value).some(([key, inner]) => key === "true" || key === "false" || hasBooleanKey(inner));
}

function say(report: Report, at: { file: string; line: number }, word: string): void {
  const message = `Helm and Argo CD read the key ${word} as ${String(readYaml11(word))}, because it has no quotes`;
  report.finding(at, message, `write "${word}":`);
}
