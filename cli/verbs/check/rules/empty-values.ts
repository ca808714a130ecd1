import type { Rule } from "../rule";

export const emptyValues: Rule = {
  id: "empty-values",
  check(input, report) {
    const stage = input.production?.name;
    if (stage === undefined) return;
    const { inventory, tree } = input;
    for (const file of inventory.ofRole("stage-values", "ring-values", "cluster-values")) {
      const of = file.role === "cluster-values" ? tree.clusters.get(file.cluster)?.stage : file.stage;
      const values = inventory.valuesOf(file.path);
      if (of !== stage || !values || Object.keys(values).length > 0) continue;
      report.finding(
        { file: file.path },
        `this values file of ${stage} sets nothing`,
        "write what it needs, or remove it",
      );
    }
  },
};
