import { isDeepStrictEqual } from "node:util";
import type { CheckInput } from "../input";
import type { Report, Rule } from "../rule";
import { formatPath, lineAt } from "../../../tree/values/yaml";
import { aheadOf } from "../../../tree/ahead";
import type { Inventory } from "../source/inventory";
import { ringFiles, type RingFiles } from "../source/ring-files";
import { leavesOf, valueAt } from "./uncovered-key";

export const staleRingFile: Rule = {
  id: "stale-ring-file",
  needs: "base",
  check(input, report) {
    for (const files of ringFiles(input)) {
      const { component, stage, ring, pin } = files;
      const own = component.pins.get(stage)?.pin;
      for (const { key, found, at } of pin?.pin && own ? aheadOf(own, pin.pin) : []) {
        const message = `${key} ${found[1]} in the ring ${ring} is older than ${found[0]}, which ${stage} has`;
        const line = lineAt(input.files.yaml(pin!.path), at) ?? 1;
        report.finding({ file: pin!.path, line }, message, "remove the ring's pin, or bring it up to the stage's");
      }
      if (files.values !== undefined) judgeValues(input, { ...files, values: files.values }, report);
    }
  },
};

/** Keys that this change sets in the stage, and that a file of a ring which it leaves alone still hides. */
function judgeValues(input: CheckInput, files: RingFiles & { values: string }, report: Report): void {
  const { component, stage, ring, values } = files;
  const path = `${component.directory}/stages/${stage}/values.yaml`;
  const { baseTree } = input;
  if (!baseTree.changed.has(path) || baseTree.changed.has(values)) return;
  const valuesIn = (of: Inventory) => (of.files.has(path) ? of.valuesOf(path) : {});
  const [before, now] = [baseTree.inventory, input.inventory].map(valuesIn);
  for (const leaf of leavesOf(input.inventory.valuesOf(values) ?? {})) {
    const set = valueAt(now, leaf);
    if (set === undefined || isDeepStrictEqual(set, valueAt(before, leaf))) continue;
    const key = formatPath(leaf);
    const message = `${key} is older than what ${path} sets now, and hides it in the ring ${ring}`;
    const line = lineAt(input.files.yaml(values), leaf) ?? 1;
    report.finding({ file: values, line }, message, `set ${key} to what the ring needs now, or remove it`);
  }
}
