import { changeAt, nameClusters } from "../evaluation";
import type { Rule } from "../rule";

export const massRemoval: Rule = {
  id: "mass-removal",
  title: "One change takes more Applications from a cluster of production than --max-removals allows (default 1).",
  why: "A wrong selector or a moved directory looks like this, and production would lose everything in one commit.",
  fix: "Remove components one at a time, or allow the number with --max-removals.",
  severity: "error",
  needs: "changes",
  async check(input, report) {
    const { changes } = await input.changes();
    const expansion = await input.evaluated.applications();
    const production = new Set(input.clustersOf(input.production?.name ?? "").map(({ name }) => name));
    const removed = new Map<string, string[]>();
    for (const { application, change, clusters } of changes) {
      for (const cluster of change === "remove" ? clusters : []) {
        if (production.has(cluster)) removed.set(cluster, [...(removed.get(cluster) ?? []), application]);
      }
    }
    const same = new Map<string, { applications: string[]; clusters: string[] }>();
    for (const [cluster, applications] of removed) {
      if (applications.length <= input.maxRemovals) continue;
      const key = applications.sort().join(" ");
      const known = same.get(key) ?? { applications, clusters: [] };
      known.clusters.push(cluster);
      same.set(key, known);
    }
    for (const { applications, clusters } of same.values()) {
      const names = applications.length > 8 ? `${applications.slice(0, 8).join(", ")}, ...` : applications.join(", ");
      const message = `this takes ${applications.length} Applications from ${nameClusters(clusters)}: ${names}`;
      const fix = `remove ${input.maxRemovals} at a time, or allow it with --max-removals ${applications.length}`;
      const first = changes.find(({ application, change }) => change === "remove" && application === applications[0])!;
      report.finding(changeAt(expansion, first), message, fix);
    }
  },
};
