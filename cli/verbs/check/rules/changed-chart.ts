import type { CheckInput } from "../input";
import type { Rule } from "../rule";
import { roleOf } from "../../../tree/file-roles";

export const changedChart: Rule = {
  id: "changed-chart",
  needs: "base",
  check(input, report) {
    const { changed, inventory } = input.baseTree;
    for (const path of changed) {
      const file = roleOf(path);
      if (file.role === "base") {
        const versions = (of: typeof inventory) => of.component(file.group, file.component)?.bases;
        if (!versions(inventory)?.has(file.version) || !versions(input.inventory)?.has(file.version)) continue;
        const message = `this file is ${whatOf(input, path)} the released version ${file.version} of the base of ${file.component}`;
        report.finding({ file: path }, message, "restore it, and copy the base to a new version");
        continue;
      }
      if (file.role !== "chart" || !inventory.charts.get(file.chart)?.has(file.version)) continue;
      // A version that was removed as a whole is reported for the pins that still name it.
      if (!input.inventory.charts.get(file.chart)?.has(file.version)) continue;
      const message = `this file is ${whatOf(input, path)} the released version ${file.version} of ${file.chart}`;
      report.finding({ file: path }, message, `restore it, and copy the chart to a new version`);
    }
  },
};

function whatOf({ files, baseTree }: CheckInput, path: string): string {
  if (!files.has(path)) return "removed from";
  return baseTree.files.has(path) ? "changed in" : "added to";
}
