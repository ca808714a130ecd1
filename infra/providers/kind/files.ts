import { mkdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../../machine/files";
import { checkoutRoot } from "../../checkout-root";
import type { ResourceImplementation } from "../../dynamic/implementation";
import { exportedState, type ReadState } from "../../state";
import { docker as dockerOnPath, type Docker } from "./docker";
import { inspectKind, refuseKind, type KindEvidence, type KindFinding } from "./recovery";

/** What this checkout knows about one kind cluster beside Pulumi's state: that it was meant to be made, and its node. */
interface Intent {
  clusterName: string;
  nodeId?: string;
}

interface KindFilesInputs {
  stack: string;
  clusterName: string;
}

interface KindFilesOutputs extends KindFilesInputs {
  /** Another text for each time that the containers were gone and the cluster had to be made again. */
  generation?: string;
}

/** The directory of everything kind leaves on disk, below the ignored .onebranch/. */
export function kindDirectory(root: string): string {
  return join(root, ".onebranch", "kind");
}

/** Where a kind cluster's kubeconfig is written. */
export function kindKubeconfig(root: string, stack: string): string {
  return join(kindDirectory(root), `${stack}.kubeconfig`);
}

function intentPath(root: string, stack: string): string {
  return join(kindDirectory(root), `${stack}.json`);
}

/** What was noted about a stack's kind cluster; `undefined` when nothing was. */
export function readIntent(root: string, stack: string): Intent | undefined {
  try {
    return JSON.parse(readFileSync(intentPath(root, stack), "utf8")) as Intent;
  } catch {
    return undefined;
  }
}

function writeIntent(root: string, stack: string, intent: Intent): void {
  mkdirSync(kindDirectory(root), { recursive: true, mode: 0o700 });
  writeWhole(intentPath(root, stack), `${JSON.stringify(intent)}\n`);
}

/**
 * Compares containers and state of a stack's kind cluster, and notes the node that both agree on.
 * @param isNew whether the state has nothing of the stack, so that a noted node is one of a state that is lost
 */
export async function lookAtKind(
  inputs: KindFilesInputs,
  root: string,
  docker: Docker = dockerOnPath,
  readState: ReadState = exportedState,
  isNew = false,
): Promise<KindFinding> {
  const { stack, clusterName } = inputs;
  const intent = readIntent(root, stack);
  const knownNode = isNew ? undefined : intent?.nodeId;
  const evidence: KindEvidence = {
    ...{ stack, clusterName, root, isMeant: intent !== undefined },
    ...(knownNode ? { knownNode } : {}),
  };
  const finding = await inspectKind(evidence, docker, readState);
  // Containers are only deleted when this checkout meant to make them.
  if (finding.verdict === "leftover" && !intent) return { verdict: "foreign", nodes: finding.nodes };
  if (finding.verdict === "sound" && finding.nodeId && intent && intent.nodeId !== finding.nodeId) {
    writeIntent(root, stack, { clusterName, nodeId: finding.nodeId });
  }
  return finding;
}

/** Removes what a killed `up` left, notes that the cluster is meant to be, and gives what it found. */
export async function prepareKind(
  inputs: KindFilesInputs,
  root: string,
  docker: Docker = dockerOnPath,
  readState: ReadState = exportedState,
  isNew = false,
): Promise<KindFinding> {
  const { stack, clusterName } = inputs;
  const finding = await lookAtKind(inputs, root, docker, readState, isNew);
  const refusal = refuseKind(finding, { stack, clusterName, root });
  if (refusal) throw refusal;
  if (finding.verdict === "leftover") {
    await docker.remove(finding.nodes.map(({ id }) => id));
    rmSync(kindKubeconfig(root, stack), { force: true });
  }
  const nodeId = finding.verdict === "sound" ? finding.nodeId : undefined;
  writeIntent(root, stack, { clusterName, ...(nodeId ? { nodeId } : {}) });
  return finding;
}

/** Removes the files of a stack whose kind cluster is gone; the kind plugin empties its kubeconfig and leaves it behind. */
export function removeKindFiles(root: string, stack: string): void {
  for (const path of [kindKubeconfig(root, stack), `${kindKubeconfig(root, stack)}.lock`, intentPath(root, stack)]) {
    rmSync(path, { force: true });
  }
  try {
    rmdirSync(kindDirectory(root));
  } catch {
    // Another stack's files are in it.
  }
}

/**
 * What a kind cluster has on disk. It is made before the cluster and deleted after it, and looks at every `up` for
 * containers that a killed one left, and for a cluster whose containers somebody removed: that one is made again.
 */
export const implementation: ResourceImplementation<KindFilesInputs, KindFilesOutputs> = {
  async create(inputs) {
    await prepareKind(inputs, checkoutRoot(), dockerOnPath, exportedState, true);
    return { id: inputs.clusterName, outs: inputs };
  },
  async diff(_id, olds, news) {
    if (olds.clusterName !== news.clusterName) return { changes: true, replaces: ["clusterName"] };
    const finding = await lookAtKind(news, checkoutRoot());
    const intent = readIntent(checkoutRoot(), news.stack);
    return { changes: finding.verdict === "leftover" || finding.verdict === "gone" || intent === undefined };
  },
  async update(_id, olds, news) {
    const { verdict } = await prepareKind(news, checkoutRoot());
    const generation = verdict === "gone" ? new Date().toISOString() : olds.generation;
    return { outs: { ...news, ...(generation !== undefined && { generation }) } };
  },
  delete(_id, { stack }) {
    removeKindFiles(checkoutRoot(), stack);
    return Promise.resolve();
  },
};
