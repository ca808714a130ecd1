import { cannotAsk } from "../../../../model/argocd";
import { clusterFile } from "../../../../model/identity";
import { lineAt } from "../../../tree/values/yaml";
import type { Rule } from "../rule";

export const unsupportedConfirmation: Rule = {
  id: "unsupported-confirmation",
  check({ tree, files }, report) {
    for (const cluster of tree.clusters.values()) {
      const stage = tree.stages.get(cluster.stage);
      const message = stage && cannotAsk(stage, cluster);
      if (message === undefined) continue;
      const file = clusterFile(cluster.name);
      const line = lineAt(files.yaml(file), ["kubernetesVersion"]) ?? 1;
      report.finding({ file, line }, message, "raise kubernetesVersion, or excuse it here until that is done");
    }
  },
};
