import type { Rule } from "../rule";
import { roleOf } from "../../../tree/file-roles";

export const changedChart: Rule = {
  id: "changed-chart",
  needs: "base",
  check(input, report) {
    const { changed, inventory } = input.baseTree;
    for (const path of changed) {
      const file = roleOf(path);
      if (file.role !== "chart" || !inventory.charts.get(file.chart)?.has(file.version)) continue;
      // A version that was removed as a whole is reported for the pins that still name it.
      if (!input.inventory.charts.get(file.chart)?.has(file.version)) continue;
      const what = !input.files.has(path) ? "removed from" : input.baseTree.files.has(path) ? "changed in" : "added to";
      const message = `this file is ${what} the released version ${file.version} of ${file.chart}`;
      report.finding({ file: path }, message, `restore it, and copy the chart to a new version`);
    }
  },
};
