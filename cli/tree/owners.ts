import { isMapping } from "../../model/mapping";
import { isOwner } from "../../model/owner";
import { approversOf } from "../../model/stage";
import { bootstrapValues } from "../../model/teams";
import { readTree, type Tree } from "../../model/tree";
import type { TreeSource } from "../../model/tree-source";
import { readPins } from "./pins";
import { valueOf } from "./values/yaml";

/** Where Git hosts look for it; the first one that is there counts. */
const places = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

const first = "# Written by `onebranch owners --write` from gitops/teams; lines outside of this part stay as they are.";
const last = "# End of what onebranch writes.";

/** What the lines are made of. */
export interface Owned {
  /** Who reviews what is nobody's app. */
  platform: readonly string[];
  tree: Pick<Tree, "clusters" | "stages" | "teams">;
  /** The teams that the pins of each app name. */
  apps: ReadonlyMap<string, ReadonlySet<string>>;
}

/** CODEOWNERS as it is: where it is, or where it would be, and its text. */
export function codeOwners(text: TreeSource["text"]): { path: string; text: string | undefined } {
  const path = places.find((place) => text(place) !== undefined) ?? places[0]!;
  return { path, text: text(path) };
}

/** The owners of a tree. */
export function ownedIn(tree: TreeSource): Owned {
  const apps = readPins(tree).components.filter(({ group }) => group === "apps");
  const named = apps.map(({ name, pins, rings }) => {
    const ofRings = [...rings.values()].flatMap((of) => [...of.values()].map(({ pin }) => pin?.pin?.team));
    const teams = [...[...pins.values()].map(({ pin }) => pin?.team), ...ofRings].filter((team) => team !== undefined);
    return [name, new Set(teams)] as const;
  });
  return { platform: platformOwners(tree), tree: readTree(tree), apps: new Map(named) };
}

/** `platform.owners` of bootstrap's values. */
export function platformOwners(tree: Pick<TreeSource, "yaml">): string[] {
  const file = tree.yaml(bootstrapValues);
  const values = file?.root ? valueOf(file) : undefined;
  const { owners } = isMapping(values) && isMapping(values.platform) ? values.platform : {};
  return Array.isArray(owners) ? owners.map(String) : [];
}

/** The lines for the tree. Of several lines that fit a file, the last one counts. */
export function ownerLines({ platform, tree, apps }: Owned): string[] {
  const ofApps = [...apps]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([app, named]) => {
      const owners = new Set([...named].sort().flatMap((team) => tree.teams.known.get(team)?.owners ?? []));
      return line(`/gitops/apps/${app}/`, [...owners]);
    });
  return [...line("/gitops/", platform), ...ofApps, ...stageLines(tree)];
}

/** What reaches a stage alone: its file, its pins and values, and its clusters. A ring may have owners of its own. */
function stageLines({ stages, clusters }: Owned["tree"]): string[] {
  return [...stages.values()].flatMap((stage) => {
    const { name, ringApprovers = {} } = stage;
    const ownersOf = (ring?: string) => approversOf(stage, ring).filter(isOwner);
    const below = `/gitops/*/*/stages/${name}/`;
    return [
      ...line(`/gitops/stages/${name}.yaml`, ownersOf()),
      ...line(below, ownersOf()),
      ...Object.keys(ringApprovers).flatMap((ring) => line(`${below}rings/${ring}/`, ownersOf(ring))),
      ...[...clusters.values()]
        .filter((cluster) => cluster.stage === name)
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .flatMap((cluster) => line(`/gitops/clusters/${cluster.name}/`, ownersOf(cluster.ring))),
    ];
  });
}

/** Nothing where nobody is an owner: a line without names would leave the files to nobody. */
const line = (path: string, owners: readonly string[]) => (owners.length === 0 ? [] : [`${path} ${owners.join(" ")}`]);

/** Whether the file has a part of ours. */
export const hasOwnerLines = (text: string | undefined) => text?.split("\n").includes(first) ?? false;

/** The file with these lines as our part; what people wrote stays, and comes before it where there was none. */
export function withOwnerLines(text: string | undefined, lines: readonly string[]): string {
  const part = [first, ...lines, last];
  const all = (text ?? "").replace(/\n$/, "").split("\n");
  const begin = all.indexOf(first);
  if (begin < 0) return [...(text ? [...all, ""] : []), ...part, ""].join("\n");
  const end = all.indexOf(last, begin);
  return [...all.slice(0, begin), ...part, ...all.slice(end < 0 ? all.length : end + 1), ""].join("\n");
}
