import { originOf } from "../evaluation";
import { allowsNamespace, projectsOf, refusedSources } from "../projects/project";
import type { Rule } from "../rule";
import { lineAt } from "../../../tree/values/yaml";

export const projectDestination: Rule = {
  id: "project-destination",
  needs: "manifests",
  async check(input, report) {
    const { applications } = await input.evaluated.applications();
    const projects = projectsOf(await input.evaluated.manifests());
    for (const one of applications) {
      const { project: name, destination } = one.application.spec;
      const project = projects.get(one.cluster)?.get(name);
      // Projects that Pulumi writes are not in the tree; a project that does not exist is a refused-application.
      if (!project) continue;
      const { file } = originOf(one);
      const at = (key: string) => ({
        file,
        line: input.files.has(file) ? (lineAt(input.files.yaml(file), [key]) ?? 1) : 1,
      });
      const namespace = destination.namespace ?? "";
      const where = destination.server ?? destination.name ?? "";
      if (!allowsNamespace(project, one, namespace)) {
        const message = `the project ${name} does not allow ${one.name} into the namespace "${namespace}" of ${where}`;
        report.finding(
          at("namespace"),
          message,
          "use a namespace of the project, or add this one in gitops/bootstrap/values.yaml",
        );
      }
      for (const url of refusedSources(project, one)) {
        const message = `the project ${name} does not allow ${one.name} to come from ${url}`;
        report.finding(
          at("repo"),
          message,
          "use a repository of the project, or add this one in gitops/bootstrap/values.yaml",
        );
      }
    }
  },
};
