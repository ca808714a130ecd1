import { refusalsOfWhole } from "../../../tree/project";
import { lineAt } from "../../../tree/values/yaml";
import { originOf, projectsOf } from "../evaluation";
import type { Rule } from "../rule";

const add = "or add this one in gitops/bootstrap/values.yaml";
const fixes = { namespace: `use a namespace of the project, ${add}`, repo: `use a repository of the project, ${add}` };

export const projectDestination: Rule = {
  id: "project-destination",
  needs: "manifests",
  async check(input, report) {
    const { applications } = await input.evaluated.applications();
    const projects = projectsOf(await input.evaluated.manifests());
    for (const one of applications) {
      const { project: name, destination, source, sources = [] } = one.application.spec;
      const project = projects.get(one.cluster)?.get(name);
      // Projects that Pulumi writes are not in the tree; a project that does not exist is a refused-application.
      if (!project) continue;
      const repositories = [...new Set((source ? [source] : sources).map(({ repoURL }) => repoURL))];
      const { file } = originOf(one);
      const about = { project: name, application: one.name };
      for (const { key, message } of refusalsOfWhole(project, about, { destination, repositories })) {
        const line = input.files.has(file) ? (lineAt(input.files.yaml(file), [key]) ?? 1) : 1;
        report.finding({ file, line }, message, fixes[key]);
      }
    }
  },
};
