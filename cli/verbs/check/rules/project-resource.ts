import { refusalOfResource } from "../../../tree/project";
import { projectsOf, sourceOf } from "../evaluation";
import type { Rule } from "../rule";

const fixes = {
  kind: "remove it from this component, or let an add-on make it",
  namespace: "use a namespace of the project, or add this one in gitops/bootstrap/values.yaml",
};

export const projectResource: Rule = {
  id: "project-resource",
  needs: "manifests",
  async check(input, report) {
    const projects = projectsOf(await input.evaluated.manifests());
    for (const one of (await input.evaluated.manifests()).rendered) {
      const { spec } = one.expanded.application;
      const project = projects.get(one.expanded.cluster)?.get(spec.project);
      if (!project) continue;
      for (const manifest of one.manifests) {
        const refusal = refusalOfResource(
          project,
          { project: spec.project, application: one.application },
          spec,
          manifest,
        );
        if (!refusal) continue;
        report.finding(sourceOf(input.files, one, manifest.source), refusal.message, fixes[refusal.is]);
      }
    }
  },
};
