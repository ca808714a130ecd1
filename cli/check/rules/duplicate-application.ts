import { isMissing } from "../input";
import type { Rule } from "../rule";

export const duplicateApplication: Rule = {
  id: "duplicate-application",
  title: "Two components would become Applications of one name in a cluster.",
  why: "Argo CD refuses the whole ApplicationSet that makes both, or two sets fight for the Application.",
  fix: "Give one of the components another name.",
  severity: "error",
  async check(input, report) {
    const { inventory, files } = input;
    for (const twin of inventory.twins) {
      const first = inventory.components.get(twin.name)!;
      const path = files.paths.find((file) => file.startsWith(`${twin.directory}/`))!;
      const message = `"${twin.name}" is also the name of ${first.directory}`;
      report.finding({ file: path }, message, "rename one of them, with the component in its pins");
    }
    if (isMissing(input.head)) return;
    for (const { name, cluster, collides, origin } of (await input.head.applications()).list) {
      if (collides.length === 0) continue;
      const message = `the ApplicationSets ${collides.join(" and ")} both make "${name}" in ${cluster}`;
      report.finding(origin, message, "rename one of them, or narrow the generator of one set");
    }
  },
};
