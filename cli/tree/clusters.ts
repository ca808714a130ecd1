import type { Node } from "yaml";
import { UserError } from "../../model/errors";
import { clusterOfFile, statedIdentity, type Identity } from "../../model/identity";
import { asksBeforeRemoval } from "../../model/argocd";
import type { Stage } from "../../model/stage";
import type { Follow } from "../../model/root";
import { isMapping, type Mapping } from "../../model/mapping";
import type { TreeSource } from "../../model/tree-source";
import { clusterInput } from "./roots";
import { valueOf } from "./values/yaml";
import type { GitTree } from "./git-tree";
import type { ClusterInput } from "./renderer/types";

/** A cluster whose files cannot be read well enough to expand anything. */
export interface UnreadableCluster {
  cluster: string;
  reason: string;
}

/**
 * The clusters of a tree as their own Argo CDs see them. Only what expanding needs is looked at; `onebranch check`
 * judges the files. A cluster that cannot be expanded is returned by name, never left out.
 */
export function treeClusters(
  tree: GitTree,
  follow: Follow,
): { clusters: ClusterInput[]; unreadable: UnreadableCluster[] } {
  const clusters: ClusterInput[] = [];
  const unreadable: UnreadableCluster[] = [];
  for (const { path } of tree.entries) {
    const cluster = clusterOfFile(path);
    if (cluster === undefined) continue;
    try {
      clusters.push(readCluster(tree, cluster, path, follow));
    } catch (error) {
      unreadable.push({ cluster, reason: (error as Error).message });
    }
  }
  return { clusters, unreadable };
}

function readCluster(tree: GitTree, cluster: string, path: string, follow: Follow): ClusterInput {
  const identity = statedIdentity(readMap(tree, path));
  for (const key of ["name", "stage", "region", "provider", "kubernetesVersion"] as const) {
    if (identity[key] === undefined) throw new UserError(`${path} has no ${key}`);
  }
  if (identity.name !== cluster)
    throw new UserError(`${path}: name is "${identity.name}", but the directory is "${cluster}"`);
  const stageFile = `gitops/stages/${identity.stage}.yaml`;
  const stage = readMap(tree, stageFile) as Partial<Stage>;
  const { applicationsSync = "sync", preserveResourcesOnDeletion = false, prune = false } = stage;
  return clusterInput(
    { domain: "", capabilities: [], ...identity } as Identity,
    { applicationsSync, preserveResourcesOnDeletion, prune },
    follow,
  );
}

/** Whether Argo CD asks in a cluster of this tree before it removes objects that hold data. */
export function asksInCluster(tree: GitTree, { scope, kubeVersion }: ClusterInput): boolean {
  const stage = `gitops/stages/${scope?.stage}.yaml`;
  return tree.entry(stage) !== undefined && asksBeforeRemoval(readMap(tree, stage) as Partial<Stage>, kubeVersion);
}

/** What files say, by their parsed text: the trees of a comparison share nearly all of them. */
const values = new WeakMap<Node, Mapping>();

function readMap(tree: TreeSource, path: string): Mapping {
  const file = tree.yaml(path);
  if (file === undefined) throw new UserError(`${path} does not exist`);
  const [fault] = file.findings;
  if (fault) throw new UserError(`${path}:${fault.line}: ${fault.message}`);
  if (file.root === null) return {};
  const value = values.get(file.root) ?? valueOf(file);
  if (!isMapping(value)) throw new UserError(`${path} is not a map of keys and values`);
  values.set(file.root, value);
  return value;
}
