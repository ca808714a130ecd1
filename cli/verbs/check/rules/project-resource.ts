import { placeOfNamespaces, type Teams } from "../../../../model/teams";
import { refusalOfResource, refusalWords, type Refusal } from "../../../tree/project";
import { roleOf } from "../../../tree/file-roles";
import type { At } from "../at";
import { originOf, projectsOf, sourceOf, type Manifest, type Rendered } from "../evaluation";
import type { Rule } from "../rule";

export const projectResource: Rule = {
  id: "project-resource",
  needs: "manifests",
  async check(input, report) {
    const projects = projectsOf(await input.evaluated.manifests());
    const causes = new Map<string, Cause>();
    for (const one of (await input.evaluated.manifests()).rendered) {
      const { spec } = one.expanded.application;
      const project = projects.get(one.expanded.cluster)?.get(spec.project);
      if (!project) continue;
      for (const manifest of one.manifests) {
        const refusal = refusalOfResource(project, spec, manifest);
        if (!refusal) continue;
        const at = sourceOf(input.files, one, manifest.source);
        // A missing namespace is one finding, whatever is made in it; for a kind, each template is one.
        const key = JSON.stringify([spec.project, refusal, refusal.is === "kind" ? placeOf(at, one) : ""]);
        const cause = causes.get(key) ?? { ...{ at, refusal, project: spec.project }, made: [], by: [] };
        cause.made.push(manifest);
        cause.by.push(one);
        causes.set(key, cause);
      }
    }
    for (const { at, refusal, project, made, by } of causes.values()) {
      const applications = by.map(({ application }) => application);
      report.finding(
        at,
        refusalWords(refusal, { project, applications }, made),
        fixFor(refusal, at, by[0]!, input.tree.teams),
      );
    }
  },
};

/** Refusals that one change of the tree puts right. */
interface Cause {
  /** Where the first of its objects is made. */
  at: At;
  refusal: Refusal;
  project: string;
  made: Manifest[];
  by: Rendered[];
}

/** The template that makes an object, or the component where it is not the tree's. */
function placeOf(at: At, { application }: Rendered): string {
  return roleOf(at.file).role === "chart" ? at.file : application;
}

function fixFor({ is }: Refusal, at: At, { expanded }: Rendered, teams: Teams): string {
  const role = roleOf(originOf(expanded).file);
  const isAddon = "group" in role && role.group === "addons";
  if (is === "namespace") {
    const list = isAddon ? "platform.namespaces" : "the namespaces of its team";
    const place = placeOfNamespaces(teams, expanded.application.spec.project);
    return `use a namespace of the project, or add this one to ${list} in ${place}`;
  }
  if (!isAddon) return "remove it from this component, or let an add-on make it";
  const away = roleOf(at.file).role === "chart" ? "remove it" : "switch it off in the values of the chart";
  return `${away}: gitops/bootstrap/templates/projects.yaml says what no add-on may make`;
}
