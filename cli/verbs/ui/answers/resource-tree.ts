import type { TreeNode } from "../views";

/** A node of Argo CD's tree of resources. */
export interface ResourceNode {
  uid?: string;
  kind: string;
  namespace?: string;
  name: string;
  parentRefs?: { uid?: string }[];
  health?: { status?: string; message?: string };
  info?: { name: string; value: string }[];
}

/** The nodes as a list: parents before their children, each with how deep it is. */
export function treeOf(nodes: readonly ResourceNode[]): TreeNode[] {
  const known = new Set(nodes.map(({ uid }) => uid).filter(Boolean));
  const parentOf = ({ parentRefs = [] }: ResourceNode) => parentRefs.find(({ uid }) => known.has(uid))?.uid;
  const children = new Map<string | undefined, ResourceNode[]>();
  for (const node of nodes) {
    const parent = parentOf(node);
    children.set(parent, [...(children.get(parent) ?? []), node]);
  }
  const label = ({ kind, namespace = "", name }: ResourceNode) => `${kind} ${namespace} ${name}`;
  const found: TreeNode[] = [];
  const seen = new Set<ResourceNode>();
  const add = (parent: string | undefined, depth: number): void => {
    const sorted = (children.get(parent) ?? []).sort((a, b) => (label(a) < label(b) ? -1 : 1));
    for (const node of sorted) {
      // Objects may name each other as owners.
      if (seen.has(node)) continue;
      seen.add(node);
      found.push(shown(node, depth));
      if (node.uid) add(node.uid, depth + 1);
    }
  };
  add(undefined, 0);
  for (const node of nodes) if (!seen.has(node)) found.push(shown(node, 0));
  return found;
}

function shown({ kind, namespace = "", name, health = {}, info = [] }: ResourceNode, depth: number): TreeNode {
  const facts = info.map(({ name: what, value }) => `${what}: ${value}`);
  return { depth, kind, namespace, name, health: health.status ?? "", message: health.message ?? "", facts };
}
