import { containerImages, withRegistry } from "../../../tree/kubernetes/images";
import { teamFile } from "../../../../model/teams";
import { originOf } from "../evaluation";
import type { Rule } from "../rule";

export const foreignImage: Rule = {
  id: "foreign-image",
  needs: "manifests",
  async check({ tree, evaluated }, report) {
    const teams = [...tree.teams.known.values()].filter(({ repositories }) => repositories !== undefined);
    if (teams.length === 0) return;
    for (const one of (await evaluated.manifests()).rendered) {
      const team = teams.find(({ name }) => name === one.expanded.application.spec.project);
      if (team === undefined) continue;
      const { name, repositories = [] } = team;
      const images = new Set(one.manifests.flatMap(({ object }) => containerImages(object)));
      for (const image of images) {
        const full = withRegistry(image);
        // A repository, or what is below it: not one whose name only begins in the same way.
        if (repositories.some((place) => full.startsWith(place) && /^([/:@]|$)/.test(full.slice(place.length))))
          continue;
        const message = `${one.application} runs the image ${image}, which is not of a repository of the team ${name}`;
        report.finding(
          originOf(one.expanded),
          message,
          `use ${repositories.join(" or ")}, or add the repository to ${teamFile(name)}`,
        );
      }
    }
  },
};
