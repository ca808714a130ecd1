import { originOf, type Rendered } from "../evaluation";
import type { Rule } from "../rule";

export const sharedResource: Rule = {
  id: "shared-resource",
  title: "Two Applications of one cluster make the same resource.",
  why: "They overwrite each other for ever, and removing one of them deletes what the other needs.",
  fix: "Let one of them make it, or give it two names.",
  severity: "error",
  needs: "manifests",
  async check(input, report) {
    const { rendered } = await input.evaluated.manifests();
    const owners = new Map<string, Rendered>();
    for (const one of rendered) {
      for (const { apiVersion, kind, namespace = "", name } of one.manifests) {
        const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
        for (const cluster of one.clusters) {
          const key = [cluster, group, kind, namespace, name].join("\n");
          const first = owners.get(key);
          if (!first) owners.set(key, one);
          else if (first.application !== one.application) {
            const what = `${kind} ${namespace === "" ? "" : `${namespace}/`}${name}`;
            const stage = input.tree.clusters.get(cluster)?.stage ?? cluster;
            const message = `${one.application} makes ${what} in ${stage}, which ${first.application} makes too`;
            report.finding(
              originOf(one.expanded),
              message,
              `let one of them make it (${originOf(first.expanded).file})`,
            );
          }
        }
      }
    }
  },
};
