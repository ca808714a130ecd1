import { realpathSync } from "node:fs";
import type { StateResource } from "../../../model/deployment";
import { UserError } from "../../../model/errors";
import type { ReadState } from "../../state";
import type { Docker, KindNode } from "./docker";
import { mountedCheckout } from "./mount";

/** The type of a kind cluster in the state. */
export const clusterType = "kind:index/cluster:Cluster";

/** What follows from Docker and Pulumi's state about a kind cluster. */
export type KindFinding =
  /** Neither knows it, both know it, or the state cannot be read: nothing to do. */
  | { verdict: "sound"; nodeId?: string }
  /** Containers that a killed `up` of this checkout left: Pulumi does not know them, and kind would refuse the name. */
  | { verdict: "leftover"; nodes: readonly KindNode[] }
  /** Containers of that name that this checkout did not make. */
  | { verdict: "foreign"; nodes: readonly KindNode[] }
  /** Pulumi knows the cluster, but its containers are gone: it has to be made again. */
  | { verdict: "gone" };

/** What the decision is made from. */
export interface KindEvidence {
  stack: string;
  clusterName: string;
  /** Root of the checkout, which every cluster of ours mounts. */
  root: string;
  /** Id of the node that was found in Pulumi's state before; saves asking for the state again. */
  knownNode?: string;
  /** Whether an `up` of this checkout has begun to make it: without, no node is not one that is gone. */
  isMeant?: boolean;
}

/** Compares the containers of a kind cluster with Pulumi's state; changes nothing. */
export async function inspectKind(evidence: KindEvidence, docker: Docker, readState: ReadState): Promise<KindFinding> {
  const { stack, clusterName, root, knownNode, isMeant = false } = evidence;
  const nodes = await docker.nodes(clusterName);
  const nodeId = nodes[0]?.id;
  if (nodeId === knownNode && (nodeId !== undefined || !isMeant)) {
    return { verdict: "sound", ...(nodeId ? { nodeId } : {}) };
  }
  if (nodeId !== undefined && !nodes.every((node) => mountsCheckout(node, root))) return { verdict: "foreign", nodes };
  const state = await readState(stack);
  if (state === undefined) return { verdict: "sound" };
  const recorded = state.some((resource) => isCluster(resource, clusterName));
  if (nodeId === undefined) return recorded ? { verdict: "gone" } : { verdict: "sound" };
  return recorded ? { verdict: "sound", nodeId } : { verdict: "leftover", nodes };
}

/** Why an `up` cannot go on with this finding; `undefined` when it can. */
export function refuseKind(finding: KindFinding, { clusterName }: KindEvidence): UserError | undefined {
  switch (finding.verdict) {
    case "sound":
    case "leftover":
    case "gone":
      return undefined;
    case "foreign":
      return new UserError(
        `the containers ${finding.nodes.map(({ name }) => name).join(", ")} form a kind cluster ${clusterName} that this checkout did not make; delete it where it was made, or with \`kind delete cluster --name ${clusterName}\`, or name the stack differently`,
        { exitCode: 1 },
      );
    default:
      return finding satisfies never;
  }
}

function isCluster(resource: StateResource, clusterName: string): boolean {
  return resource.type === clusterType && resource.inputs?.name === clusterName;
}

/** Each of our nodes mounts the checkout read by its Argo CD; the name alone would prove nothing. */
function mountsCheckout(node: KindNode, root: string): boolean {
  return node.mounts.some(({ source, destination }) => destination === mountedCheckout && samePath(source, root));
}

function samePath(a: string, b: string): boolean {
  if (a === b) return true;
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return false;
  }
}
