import { families, type Family } from "../../../../model/families";
import { joinClusters, nameClusters } from "../evaluation";
import type { CheckInput, Deployment } from "../input";
import type { Rule } from "../rule";
import { lineAt } from "../../../tree/values/yaml";

interface Mixed {
  at: { file: string; line: number };
  message: string;
  fix: string;
  clusters: string[];
}

export const mixedVersions: Rule = {
  id: "mixed-versions",
  check(input, report) {
    for (const family of families) {
      const found: Mixed[] = [];
      for (const [first, ...others] of membersOf(family, input.deployments)) {
        for (const other of others.filter(({ pin }) => pin.version !== first!.pin.version)) {
          found.push(mixedWith(input, first!, other));
        }
      }
      const keyOf = ({ at, message }: Mixed) => `${at.file} ${message}`;
      for (const { at, message, fix, clusters } of joinClusters(found, keyOf)) {
        const where = `in ${nameClusters(clusters)}: the charts of ${family.name} are made for one another`;
        report.finding(at, `${message} ${where}`, fix);
      }
    }
  },
};

function mixedWith(input: CheckInput, first: Deployment, other: Deployment): Mixed {
  const [one, two] = [first, other].map(({ component, pin }) => `${component.name} is ${pin.version}`);
  return {
    at: versionAt(input, other),
    message: `${two}, and ${one} (${versionAt(input, first).file})`,
    fix: "give both one version, in one commit",
    clusters: [other.cluster.name],
  };
}

/** What each cluster has of a family, in the order of its charts. By repository: other products have charts of these names. */
function membersOf({ charts }: Family, deployments: readonly Deployment[]): Iterable<Deployment[]> {
  const members = new Map<string, Deployment[]>();
  for (const one of deployments) {
    const { chart = "", repo } = one.pin;
    if (repo === undefined || !charts.includes(chart)) continue;
    const key = `${one.cluster.name} ${repo.replace(/\/$/, "")}`;
    members.set(key, [...(members.get(key) ?? []), one]);
  }
  for (const list of members.values()) list.sort((a, b) => placeOf(charts, a) - placeOf(charts, b));
  return members.values();
}

const placeOf = (charts: readonly string[], { pin }: Deployment) => charts.indexOf(pin.chart ?? "");

/** The line that gives a component its version in a cluster. */
function versionAt({ inventory, files }: CheckInput, { cluster, component, pin, pinPath }: Deployment): Mixed["at"] {
  const own = inventory.ownPins.get(cluster.name)?.get(component.name);
  const file = own?.pin?.version === pin.version ? own.path : pinPath;
  return { file, line: lineAt(files.yaml(file), ["version"]) ?? 1 };
}
