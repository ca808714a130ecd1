import { sourceOf } from "../evaluation";
import { allowsKind, allowsNamespace, projectsOf } from "../projects/project";
import type { Rule } from "../rule";

export const projectResource: Rule = {
  id: "project-resource",
  needs: "manifests",
  async check(input, report) {
    const projects = projectsOf(await input.evaluated.manifests());
    for (const one of (await input.evaluated.manifests()).rendered) {
      const { project: name } = one.expanded.application.spec;
      const project = projects.get(one.expanded.cluster)?.get(name);
      if (!project) continue;
      for (const manifest of one.manifests) {
        const { kind, name: called, namespace, source } = manifest;
        const at = sourceOf(input.files, one, source);
        if (!allowsKind(project, manifest)) {
          const scope = namespace === undefined ? "cluster-scoped kind" : "kind";
          const message = `the project ${name} of ${one.application} does not allow the ${scope} ${kind} (${called})`;
          report.finding(at, message, "remove it from this component, or let an add-on make it");
        } else if (namespace !== undefined && !allowsNamespace(project, one.expanded, namespace)) {
          const message = `the project ${name} of ${one.application} does not allow the namespace "${namespace}" of ${kind} ${called}`;
          report.finding(
            at,
            message,
            "use a namespace of the project, or add this one in gitops/bootstrap/values.yaml",
          );
        }
      }
    }
  },
};
