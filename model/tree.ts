import { readRegistrations } from "./admission/registrations";
import type { YamlFile } from "./document";
import { UserError } from "./errors";
import { readPartialRoot, type Mapping } from "./fields";
import { TreeFiles } from "./files";
import { compareFindings, type Finding } from "./findings";
import { clusterFile, identityShape, type Identity } from "./identity";
import { offerNames } from "./names";
import { regionShape, type Region } from "./region";
import { stageShape, type Stage } from "./stage";
import { findTree, type TreeSource } from "./tree-source";
import { rbacEnding, readRbac } from "./stage-rbac";
import { readTeams, type Teams } from "./teams";

export type { Finding, Identity, Region, Stage };

/** What the files of gitops/clusters, gitops/stages, gitops/regions and gitops/teams say. */
export interface Tree {
  /** By name, which is the directory's; only clusters whose own file has no fault. */
  clusters: Map<string, Identity>;
  /** By name, in promotion order; only stages whose own file has no fault. */
  stages: Map<string, Stage>;
  /** By name; only regions whose own file has no fault. */
  regions: Map<string, Region>;
  /** Webhook configurations and API services that add-ons may make, as `add-on/name`. */
  registrations: string[];
  /** Who may do what in Argo CD: the policy.csv of a stage, by the stage's name. */
  rbac: ReadonlyMap<string, string>;
  teams: Teams;
  /** Every fault, in printing order. */
  findings: Finding[];
}

/** The keys of one file that fit, and the file with its faults. */
interface Read<T> {
  value: Partial<T>;
  file: YamlFile;
}

type Names = "stage" | "region";

/**
 * Reads and checks the identities, stages and regions of a tree. Faults are collected, not thrown.
 * @throws UserError (exit code 2) when it has no gitops/clusters
 */
export function readTree(source: TreeSource): Tree {
  if (source.find("gitops/clusters")?.kind !== "directory") {
    throw new UserError(`${source.root} has no directory gitops/clusters; ${findTree}`);
  }
  const files = new TreeFiles(source);
  const stages = new Map<string, Read<Stage>>();
  for (const { path, base } of files.yamlFiles("gitops/stages", rbacEnding)) {
    const { file, value } = readPartial(files, path, stageShape);
    stages.set(base, { file, value: { rings: [], syncWindows: [], confirmPrune: false, ...value, name: base } });
  }
  const regions = new Map<string, Read<Region>>();
  for (const { path, base } of files.yamlFiles("gitops/regions")) {
    const { file, value } = readPartial(files, path, regionShape);
    regions.set(base, { file, value: { ...value, name: base } });
  }
  const clusters = readClusterFiles(files);

  checkNames(clusters);
  checkOrder(stages);
  for (const { value, file } of stages.values()) checkRingApprovers(file, value);
  for (const { value, file } of clusters.values()) {
    checkKnown(files, file, "stage", value.stage, stages);
    checkKnown(files, file, "region", value.region, regions);
    checkRing(file, value, stages);
    checkCompliance(file, value, regions);
  }

  const rbac = readRbac(source, files, [...stages.keys()]);
  const { file: bootstrap, registrations } = readRegistrations(source);
  const { read: teamFiles, ...teams } = readTeams(source, files, [...stages.keys()]);
  const read = [...stages.values(), ...regions.values(), ...clusters.values()];
  const findings = [
    ...files.findings,
    ...[...read.map(({ file }) => file), ...teamFiles].flatMap((file) => file.findings),
    ...(bootstrap?.findings ?? []),
  ].sort(compareFindings);
  const byOrder = [...stages].sort(([, a], [, b]) => (a.value.order ?? 0) - (b.value.order ?? 0));
  return {
    clusters: sound(clusters),
    stages: sound(byOrder),
    regions: sound(regions),
    registrations,
    rbac,
    teams,
    findings,
  };
}

/**
 * The tree, when nothing in it is wrong.
 * @throws UserError (exit code 2) with all findings
 */
export function readClusters(source: TreeSource): Tree {
  const tree = readTree(source);
  if (tree.findings.length > 0) throw UserError.of(tree.findings);
  return tree;
}

function readPartial<T extends object>(files: TreeFiles, path: string, shape: Mapping<T>): Read<T> {
  const file = files.yaml(path);
  return { file, value: readPartialRoot(file, shape) };
}

function readClusterFiles(files: TreeFiles): Map<string, Read<Identity>> {
  const clusters = new Map<string, Read<Identity>>();
  for (const directory of files.directories("gitops/clusters")) {
    const path = clusterFile(directory.name);
    const entry = files.entry(directory.path, "cluster.yaml");
    if (entry?.kind === "file") {
      const { file, value } = readPartial(files, path, identityShape);
      if (value.capabilities) value.capabilities = [...new Set(["base" as const, ...value.capabilities])];
      clusters.set(directory.name, { file, value });
    } else if (!files.blames(path)) {
      files.report("missing-file", path, "this cluster has no cluster.yaml", "add it, or remove the directory");
    }
  }
  return clusters;
}

function checkNames(clusters: Map<string, Read<Identity>>): void {
  for (const [directory, { value, file }] of clusters) {
    if (value.name === undefined || value.name === directory) continue;
    const owner = clusters.get(value.name);
    const at = file.valueOf("name");
    if (owner && owner.value.name === value.name) {
      const message = `"${value.name}" is also the name of the cluster in ${owner.file.file}`;
      file.report("duplicate-cluster", at, message, `a cluster is named as its directory: write name: ${directory}`);
    } else {
      const message = `name is "${value.name}", but the directory is "${directory}"`;
      file.report("directory-name", at, message, `write name: ${directory}, or rename the directory`);
    }
  }
}

/** Every order from 1 to the number of stages must be used once. When one stage's order is unknown, gaps are not reported. */
function checkOrder(stages: Map<string, Read<Stage>>): void {
  const owners = new Map<number, Read<Stage>>();
  const fix = stages.size === 1 ? "the only stage has the order 1" : `give the stages the orders 1 to ${stages.size}`;
  for (const stage of stages.values()) {
    const { order } = stage.value;
    if (order === undefined) continue;
    const owner = owners.get(order);
    if (!owner) owners.set(order, stage);
    else report(stage, `order ${order} is also the order of ${owner.file.file}`);
  }
  if (owners.size < stages.size) return;
  const sorted = [...owners].sort(([a], [b]) => a - b);
  const gap = sorted.findIndex(([order], index) => order !== index + 1);
  const after = sorted[gap];
  if (after) report(after[1], `order ${after[0]} leaves out ${gap + 1}`);

  function report({ file }: Read<Stage>, message: string): void {
    file.report("stage-order", file.valueOf("order"), message, fix);
  }
}

function checkKnown(
  files: TreeFiles,
  file: YamlFile,
  key: Names,
  name: string | undefined,
  known: ReadonlyMap<string, unknown>,
): void {
  const path = `gitops/${key}s/${name}.yaml`;
  if (name === undefined || known.has(name) || files.blames(path)) return;
  const offer = known.size === 0 ? "" : `${offerNames(name, known.keys())}, or `;
  file.report(`unknown-${key}`, file.valueOf(key), `${key} "${name}" does not exist`, `${offer}add ${path}`);
}

/** A cluster is in one of the rings that its stage lists, and in none where the stage lists none. */
function checkRing(file: YamlFile, { stage: name, ring }: Partial<Identity>, stages: Map<string, Read<Stage>>): void {
  const stage = name === undefined ? undefined : stages.get(name);
  if (!stage || hasFaultyRings(stage.file, stage.value)) return;
  const { rings = [] } = stage.value;
  const wrong = file.valueOf("ring");
  if (ring === undefined && !wrong && rings.length > 0 && file.root) {
    const message = `key "ring" is missing: the stage ${name} has rings (${stage.file.file})`;
    file.report("missing-ring", file.root, message, `add ring: with one of ${rings.join(", ")}`);
  } else if (ring !== undefined && !rings.includes(ring)) {
    const message =
      rings.length > 0
        ? `ring "${ring}" does not exist in the stage ${name}`
        : `ring is "${ring}", but the stage ${name} has no rings`;
    const fix =
      rings.length > 0
        ? `${offerNames(ring, rings)}, or add it to rings in ${stage.file.file}`
        : `remove it, or list the rings of the stage in ${stage.file.file}`;
    file.report("unknown-ring", wrong, message, fix);
  }
}

/** Whether the stage lists rings, but none that can be read: that is reported where it is. */
function hasFaultyRings(file: YamlFile, { rings }: Partial<Stage>): boolean {
  return Boolean(file.valueOf("rings")) && rings?.length === 0;
}

function checkRingApprovers(file: YamlFile, stage: Partial<Stage>): void {
  if (hasFaultyRings(file, stage)) return;
  const { rings = [], ringApprovers = {} } = stage;
  for (const ring of Object.keys(ringApprovers).filter((name) => !rings.includes(name))) {
    const fix = rings.length > 0 ? offerNames(ring, rings) : "remove it, or list the rings of the stage";
    file.report(
      "unknown-ring",
      file.valueOf("ringApprovers"),
      `ringApprovers names the ring "${ring}", which the stage does not have`,
      fix,
    );
  }
}

function checkCompliance(file: YamlFile, identity: Partial<Identity>, regions: Map<string, Read<Region>>): void {
  const region = identity.region === undefined ? undefined : regions.get(identity.region);
  if (!region || !identity.compliance) return;
  for (const rule of region.value.compliance ?? []) {
    if (identity.compliance.includes(rule)) continue;
    const message = `compliance lacks "${rule}", which ${region.file.file} asks of every cluster`;
    file.report("missing-compliance", file.valueOf("compliance"), message, `add ${rule}`);
  }
  for (const rule of identity.compliance) {
    if (region.value.compliance?.includes(rule)) continue;
    const asking = [...regions.values()].find(({ value }) => value.compliance?.includes(rule));
    if (asking === undefined) continue;
    const message = `compliance has "${rule}", which is for ${asking.file.file}, and ${region.file.file} does not ask for it`;
    file.report(
      "foreign-compliance",
      file.valueOf("compliance"),
      message,
      `remove ${rule}, or add it to ${region.file.file}`,
    );
  }
}

/** The values of files without a fault, in which every key was read. */
function sound<T>(read: Iterable<[string, Read<T>]>): Map<string, T> {
  const values = [...read].filter(([, { file }]) => file.findings.length === 0);
  return new Map(values.map(([name, { value }]) => [name, value as T]));
}
