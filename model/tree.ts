import type { Node } from "yaml";
import { isMap, isScalar } from "yaml";
import { YamlFile } from "./document";
import { UserError } from "./errors";
import type { Kind } from "./fields";
import { TreeFiles } from "./files";
import { compareFindings, type Finding } from "./findings";
import { identityKind, type Identity } from "./identity";
import { offerNames } from "./names";
import { regionKind, type Region } from "./region";
import { stageKind, type Stage } from "./stage";

export type { Finding, Identity, Region, Stage };

/** What the files of gitops/clusters, gitops/stages and gitops/regions say. */
export interface Tree {
  /** By name, which is the directory's; only clusters whose own file has no fault. */
  clusters: Map<string, Identity>;
  /** By name, in promotion order; only stages whose own file has no fault. */
  stages: Map<string, Stage>;
  /** By name; only regions whose own file has no fault. */
  regions: Map<string, Region>;
  /** Every fault, in printing order. */
  findings: Finding[];
}

/** A value together with where it stands. */
interface Read<T> {
  value: T;
  file: YamlFile;
}

/**
 * Reads and checks the identities, stages and regions below `root`/gitops. Faults are collected, not thrown.
 * @throws UserError (exit code 2) when there is no gitops/clusters below the root
 */
export function readTree(root: string): Tree {
  const files = openTree(root);
  const parsed: YamlFile[] = [];
  const stageNames = new Set<string>();
  const regionNames = new Set<string>();

  const stages = new Map<string, Read<Stage>>();
  for (const { path, base } of files.yamlFiles("gitops/stages")) {
    stageNames.add(base);
    const read = readFile(files, path, stageKind, parsed);
    if (read) stages.set(base, { file: read.file, value: { syncWindows: [], ...read.value, name: base } });
  }
  const regions = new Map<string, Read<Region>>();
  for (const { path, base } of files.yamlFiles("gitops/regions")) {
    regionNames.add(base);
    const read = readFile(files, path, regionKind, parsed);
    if (read) regions.set(base, { file: read.file, value: { ...read.value, name: base } });
  }
  const clusters = new Map<string, Read<Identity>>();
  for (const directory of files.directories("gitops/clusters")) {
    const path = `${directory.path}/cluster.yaml`;
    if (!files.entry(directory.path, "cluster.yaml")) {
      const message = "this cluster has no cluster.yaml";
      if (!files.findings.some((finding) => finding.file === path)) {
        files.report("missing-file", path, message, "add it, or remove the directory");
      }
      continue;
    }
    const read = readFile(files, path, identityKind, parsed);
    if (read) {
      read.value.capabilities = [...new Set(["base" as const, ...read.value.capabilities])];
      clusters.set(directory.name, read);
    }
  }

  checkNames(clusters);
  // A stage whose own file is faulty has an unknown place, so the others cannot be judged.
  if (stages.size === stageNames.size) checkOrder(stages);
  for (const { value, file } of clusters.values()) {
    checkKnown(file, "stage", value.stage, stageNames);
    checkKnown(file, "region", value.region, regionNames);
    const region = regions.get(value.region);
    if (region) checkCompliance(file, value, region);
  }

  const findings = [...files.findings, ...parsed.flatMap((file) => file.findings)].sort(compareFindings);
  const byOrder = [...stages].sort(([, a], [, b]) => a.value.order - b.value.order);
  return { clusters: sound(clusters), stages: sound(new Map(byOrder)), regions: sound(regions), findings };
}

/**
 * The tree, when nothing in it is wrong.
 * @throws UserError (exit code 2) with all findings
 */
export function readClusters(root: string): Tree {
  const tree = readTree(root);
  if (tree.findings.length > 0) throw UserError.of(tree.findings);
  return tree;
}

function openTree(root: string): TreeFiles {
  const help = "run this in a checkout of onebranch, or name one with --tree";
  try {
    const files = new TreeFiles(root);
    if (files.entry("gitops", "clusters")?.kind === "directory") return files;
  } catch (error) {
    throw new UserError(`${root} cannot be read; ${help}`, { cause: error });
  }
  throw new UserError(`${root} has no directory gitops/clusters; ${help}`);
}

function readFile<T>(files: TreeFiles, path: string, kind: Kind<T>, parsed: YamlFile[]): Read<T> | undefined {
  const file = new YamlFile(path, files.read(path));
  parsed.push(file);
  if (file.broken) return undefined;
  if (!file.root) {
    file.report("wrong-type", 1, "the file is empty", `write ${kind.expected}`);
    return undefined;
  }
  const value = kind.read(file, file.root, "");
  return value === undefined ? undefined : { value, file };
}

function checkNames(clusters: Map<string, Read<Identity>>): void {
  for (const [directory, { value, file }] of clusters) {
    if (value.name === directory) continue;
    const owner = clusters.get(value.name);
    const at = valueOf(file, "name");
    if (owner && owner.value.name === value.name) {
      const message = `"${value.name}" is also the name of the cluster in ${owner.file.file}`;
      file.report("duplicate-cluster", at, message, `a cluster is named as its directory: write name: ${directory}`);
    } else {
      const message = `name is "${value.name}", but the directory is "${directory}"`;
      file.report("directory-name", at, message, `write name: ${directory}, or rename the directory`);
    }
  }
}

function checkOrder(stages: Map<string, Read<Stage>>): void {
  const owners = new Map<number, Read<Stage>>();
  let repeated = false;
  for (const stage of stages.values()) {
    const owner = owners.get(stage.value.order);
    if (owner) {
      repeated = true;
      const message = `order ${stage.value.order} is also the order of ${owner.file.file}`;
      stage.file.report("stage-order", valueOf(stage.file, "order"), message, everyOrder(stages.size));
    } else owners.set(stage.value.order, stage);
  }
  if (repeated) return;
  const sorted = [...stages.values()].sort((a, b) => a.value.order - b.value.order);
  const gap = sorted.findIndex((stage, index) => stage.value.order !== index + 1);
  const stage = sorted[gap];
  if (!stage) return;
  const message = `order ${stage.value.order} leaves out ${gap + 1}`;
  stage.file.report("stage-order", valueOf(stage.file, "order"), message, everyOrder(stages.size));
}

function everyOrder(count: number): string {
  return count === 1 ? "the only stage has the order 1" : `give the ${count} stages the orders 1 to ${count}`;
}

function checkKnown(file: YamlFile, key: "stage" | "region", name: string, known: ReadonlySet<string>): void {
  if (known.has(name)) return;
  const fix = `${offerNames(name, known)}, or add gitops/${key}s/${name}.yaml`;
  file.report(`unknown-${key}`, valueOf(file, key), `${key} "${name}" does not exist`, fix);
}

function checkCompliance(file: YamlFile, identity: Identity, region: Read<Region>): void {
  for (const rule of region.value.compliance) {
    if (identity.compliance.includes(rule)) continue;
    const message = `compliance lacks "${rule}", which ${region.file.file} asks of every cluster`;
    file.report("missing-compliance", valueOf(file, "compliance"), message, `add ${rule}`);
  }
}

/** The node of a top-level key's value. */
function valueOf(file: YamlFile, key: string): Node | null {
  if (!isMap(file.root)) return null;
  const pair = file.root.items.find((item) => isScalar(item.key) && item.key.value === key);
  return (pair?.value as Node | undefined) ?? null;
}

function sound<T>(read: Map<string, Read<T>>): Map<string, T> {
  return new Map(
    [...read].filter(([, { file }]) => file.findings.length === 0).map(([name, { value }]) => [name, value]),
  );
}
