import { clusterFile } from "../../../../model/identity";
import { isMapping } from "../../../../model/mapping";
import { valueOf } from "../../../tree/values/yaml";
import { nameClusters } from "../evaluation";
import type { Rule } from "../rule";

export const stageRemoved: Rule = {
  id: "stage-removed",
  needs: "base",
  check(input, report) {
    const { files, inventory } = input.baseTree;
    const left = new Map<string, string[]>();
    for (const { cluster, path } of inventory.ofRole("cluster")) {
      const identity = input.inventory.clusters.has(cluster) ? valueOf(files.yaml(path)) : undefined;
      if (!isMapping(identity)) continue;
      const stage = String(identity.stage);
      if (inventory.stages.has(stage) && !input.inventory.stages.has(stage))
        left.set(stage, [...(left.get(stage) ?? []), cluster]);
    }
    for (const [stage, clusters] of left) {
      const file = clusterFile([...clusters].sort()[0]!);
      const verb = clusters.length === 1 ? "belongs" : "belong";
      report.finding(
        { file },
        `gitops/stages/${stage}.yaml is gone, and ${nameClusters(clusters)} ${verb} to ${stage} until the next up: Argo CD there leaves everything as it is`,
        "keep it until up has run on each of them",
      );
    }
  },
};
