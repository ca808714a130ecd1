import { nameClusters, originOf } from "../evaluation";
import type { Rule } from "../rule";
import type { At } from "../at";

export const refusedApplication: Rule = {
  id: "refused-application",
  title: "The controller refuses an Application.",
  why: "It is never written, or never changed again; its set reports an error that nobody looks at.",
  fix: "Mend what the controller says: a name twice in a set, a project that does not exist, a bad destination.",
  severity: "error",
  needs: "applications",
  async check(input, report) {
    const told = new Map<string, { name: string; reason: string; at: At; clusters: string[] }>();
    for (const application of (await input.evaluated.applications()).applications) {
      const { name, cluster, invalid } = application;
      if (invalid === undefined) continue;
      const at = originOf(application);
      const key = [name, invalid, at.file].join("\n");
      const found = told.get(key);
      if (found) found.clusters.push(cluster);
      else told.set(key, { name, reason: invalid, at, clusters: [cluster] });
    }
    for (const { name, reason, at, clusters } of told.values()) {
      const message = `the controller refuses ${name} in ${nameClusters(clusters)}: ${reason}`;
      report.finding(at, message, "mend the pin, or the set that reads it");
    }
  },
};
