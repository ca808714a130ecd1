import { bootstrapValues, placeOfNamespaces } from "../../../../model/teams";
import { refusalsOfWhole } from "../../../tree/project";
import { lineAt } from "../../../tree/values/yaml";
import type { At } from "../at";
import { joinClusters, nameClusters, originOf, projectsOf } from "../evaluation";
import type { Rule } from "../rule";

const add = "or add this one in";
const repo = `use a repository of the project, ${add} ${bootstrapValues}`;

export const projectDestination: Rule = {
  id: "project-destination",
  needs: "manifests",
  async check(input, report) {
    const { applications } = await input.evaluated.applications();
    const projects = projectsOf(await input.evaluated.manifests());
    const refused: { at: At; key: "namespace" | "repo"; project: string; message: string; clusters: string[] }[] = [];
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
        refused.push({ at: { file, line }, key, project: name, message, clusters: [one.cluster] });
      }
    }
    for (const { at, key, project, message, clusters } of joinClusters(refused, ({ message }) => message)) {
      const fix = `use a namespace of the project, ${add} ${placeOfNamespaces(input.tree.teams, project)}`;
      const where = clusters.length > 1 ? ` in ${nameClusters(clusters)}` : "";
      report.finding(at, `${message}${where}`, key === "repo" ? repo : fix);
    }
  },
};
