import { isMissing } from "../missing";
import { originOf } from "../evaluation";
import type { Rule } from "../rule";

export const duplicateApplication: Rule = {
  id: "duplicate-application",
  also: "applications",
  async check(input, report) {
    const { inventory, files } = input;
    for (const twin of inventory.twins) {
      const first = inventory.components.get(twin.name)!;
      const path = files.paths.find((file) => file.startsWith(`${twin.directory}/`))!;
      const message = `"${twin.name}" is also the name of ${first.directory}`;
      report.finding({ file: path }, message, "rename one of them, with the component in its pins");
    }
    if (isMissing(input.evaluation)) return;
    for (const application of (await input.evaluation.applications()).applications) {
      const { name, cluster, set, collides = [] } = application;
      // Both sides of a collision name the other; only the first is reported.
      if (collides.length === 0 || collides.some((other) => other < set)) continue;
      const message = `the ApplicationSets ${[set, ...collides].join(" and ")} both make "${name}" in ${cluster}`;
      report.finding(originOf(application), message, "narrow the generator or selector of one set");
    }
  },
};
