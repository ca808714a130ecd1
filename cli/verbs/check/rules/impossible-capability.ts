import { clusterFile } from "../../../../model/identity";
import { providers } from "../../../../model/providers";
import type { Rule } from "../rule";
import { lineAt } from "../../../tree/values/yaml";

export const impossibleCapability: Rule = {
  id: "impossible-capability",
  check({ tree, files }, report) {
    for (const { name, provider, capabilities } of tree.clusters.values()) {
      const possible = providers[provider].capabilities;
      const path = clusterFile(name);
      for (const capability of capabilities) {
        if (possible.includes(capability)) continue;
        const line = lineAt(files.yaml(path), ["capabilities"]) ?? 1;
        const message = `a cluster of the provider ${provider} cannot have "${capability}"`;
        report.finding({ file: path, line }, message, `remove it (possible: ${possible.join(", ")})`);
      }
    }
  },
};
