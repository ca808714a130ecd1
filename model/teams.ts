import { isMap, isScalar, isSeq, type Node, type Pair } from "yaml";
import type { YamlFile } from "./document";
import { readPartialRoot } from "./fields";
import type { TreeFiles } from "./files";
import { offerNames } from "./names";
import { reservedTeams, teamShape, type Team } from "./team";
import type { TreeSource } from "./tree-source";

/** Where the files of the teams are. */
export const teamsDirectory = "gitops/teams";

/** What makes a chart of them, so that bootstrap can read them. */
export const teamsChart = `${teamsDirectory}/Chart.yaml`;

/** The file that has the teams of a tree without that directory. */
export const bootstrapValues = "gitops/bootstrap/values.yaml";

export const teamFile = (team: string) => `${teamsDirectory}/${team}.yaml`;

/** A namespace of a team, and the line that says so. */
export interface OwnedNamespace {
  team: string;
  namespace: string;
  file: string;
  line: number;
}

/** The teams of a tree. */
export interface Teams {
  /** Where a team is added: the directory, or bootstrap's values. */
  in: string;
  /** Every name that is given, also where the file has a fault. */
  names: string[];
  /** By name; only teams whose file has no fault, and none of bootstrap's values, which say less. */
  known: Map<string, Team>;
  namespaces: OwnedNamespace[];
}

/** The file that says which namespaces a project may deploy into. */
export function placeOfNamespaces({ in: place, names }: Teams, project: string): string {
  return place === teamsDirectory && names.includes(project) ? teamFile(project) : bootstrapValues;
}

/** Reads the teams of a tree; faults are in the returned files. */
export function readTeams(
  source: TreeSource,
  files: TreeFiles,
  stages: readonly string[],
): Teams & { read: YamlFile[] } {
  const old = inBootstrap(source);
  if (source.find(teamsDirectory)?.kind !== "directory")
    return { in: bootstrapValues, ...old, known: new Map(), read: [] };
  const known = new Map<string, Team>();
  const [names, namespaces, read]: [string[], OwnedNamespace[], YamlFile[]] = [[], [], []];
  for (const entry of files.list(teamsDirectory)) {
    if (entry.kind !== "file" || !entry.name.endsWith(".yaml") || entry.path === teamsChart) continue;
    const name = entry.name.slice(0, -".yaml".length);
    if (!files.hasLabel(entry, name, ".yaml")) continue;
    const file = files.yaml(entry.path);
    const value = readPartialRoot(file, teamShape);
    if (reservedTeams.includes(name)) {
      file.report("unknown-team", 1, `no team can be called "${name}"`, "give the team another name");
    } else names.push(name);
    checkStages(file, stages);
    namespaces.push(
      ...keysOf(file, "namespaces").map(({ key, line }) => ({ team: name, namespace: key, file: file.file, line })),
    );
    read.push(file);
    if (file.findings.length === 0) known.set(name, { ...value, name } as Team);
  }
  return {
    in: names.length === 0 && old.names.length > 0 ? bootstrapValues : teamsDirectory,
    names: [...old.names, ...names],
    known,
    namespaces: [...old.namespaces, ...namespaces],
    read,
  };
}

/** Every stage that has quotas must be there. Where no stage is, that is another finding. */
function checkStages(file: YamlFile, stages: readonly string[]): void {
  if (stages.length === 0) return;
  for (const { key: stage, line } of keysOf(file, "quotas")) {
    if (stages.includes(stage)) continue;
    file.report(
      "unknown-stage",
      line,
      `quotas has the stage "${stage}", which does not exist`,
      offerNames(stage, stages),
    );
  }
}

/** The keys of a mapping of a file, each with its line. */
function keysOf(file: YamlFile, name: string): { key: string; line: number }[] {
  const node = file.valueOf(name);
  if (!isMap(node)) return [];
  return (node.items as Pair<Node>[]).flatMap(({ key }) =>
    isScalar(key) ? [{ key: String(key.value), line: file.line(key) }] : [],
  );
}

/** The teams in bootstrap's values, each with a list of namespaces. The chart's own schema judges them. */
function inBootstrap(source: TreeSource): Pick<Teams, "names" | "namespaces"> {
  const file = source.yaml(bootstrapValues);
  const teams = file?.valueOf("teams");
  if (!file || !isMap(teams)) return { names: [], namespaces: [] };
  const items = (teams.items as Pair<Node, Node>[]).filter(({ key }) => isScalar(key));
  const namespaces = items.flatMap(({ key, value }) => {
    const team = String(isScalar(key) && key.value);
    const spec = file.resolve(value);
    const listed = isMap(spec) ? file.resolve(spec.get("namespaces", true) as Node | undefined) : null;
    if (!isSeq(listed)) return [];
    return (listed.items as Node[]).flatMap((one) =>
      isScalar(one) ? [{ team, namespace: String(one.value), file: file.file, line: file.line(one) }] : [],
    );
  });
  return { names: items.map(({ key }) => String(isScalar(key) && key.value)), namespaces };
}
