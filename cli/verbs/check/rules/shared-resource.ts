import { groupOf } from "../../../../model/api-group";
import { originOf, type Rendered } from "../evaluation";
import type { Rule } from "../rule";

export const sharedResource: Rule = {
  id: "shared-resource",
  needs: "manifests",
  async check(input, report) {
    const { rendered } = await input.evaluated.manifests();
    const owners = new Map<string, Rendered>();
    for (const one of rendered) {
      for (const { apiVersion, kind, namespace = "", name, object } of one.manifests) {
        // A generated name is another one each time.
        if (object.metadata.name === undefined) continue;
        for (const cluster of one.clusters) {
          const key = [cluster, groupOf(apiVersion), kind, namespace, name].join("\n");
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
