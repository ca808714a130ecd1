import type { Rule } from "../rule";

export const missingException: Rule = {
  id: "missing-exception",
  check({ inventory }, report) {
    for (const { path, role, cluster, component } of inventory.ofRole("cluster-values", "cluster-pin")) {
      const known = inventory.exceptions.get(cluster);
      if (known && !known.entries) continue;
      const isPin = role === "cluster-pin";
      const entries = known?.entries ?? [];
      if (entries.some((entry) => entry.component === component && !entry.pin === !isPin)) continue;
      const what = isPin ? "pin" : "values";
      const message = `${cluster} has its own ${what} for ${component} without an exception`;
      const entry = `an entry with component: ${component} and ${isPin ? "pin: canary or hold" : "keys: [...]"}`;
      report.finding({ file: path }, message, `add ${entry} to gitops/clusters/${cluster}/exceptions.yaml`);
    }
  },
};
