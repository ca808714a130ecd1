import { clusterFile, type Identity } from "../../model/identity";
import { isDnsLabel, labelRule, nearestName, offerNames, toDnsLabel } from "../../model/names";
import type { Tree } from "../../model/tree";
import type { Faults } from "./faults";
import type { SharedSetting } from "./shared";
import type { Values } from "./values";

/**
 * The identity a stack has: its own cluster.yaml, or for an ephemeral stack the one that `from` names, with a domain of its own;
 * `undefined` when neither is there, which is reported.
 */
export function findIdentity(
  stack: string,
  values: Values<SharedSetting>,
  tree: Tree,
  faults: Faults,
): Identity | undefined {
  if (!isDnsLabel(stack)) {
    const near = toDnsLabel(stack);
    faults.sentence({
      message: `the stack name "${stack}" is not a DNS label (${labelRule})`,
      fix: near ? `call it ${near}` : "give it another name",
    });
    return undefined;
  }
  const from = values.text("from");
  const own = tree.clusters.get(stack);
  if (from === undefined) {
    if (!own) reportMissing(stack, tree, faults);
    return own;
  }
  if (own) {
    faults.setting("from", "setting-from", {
      message: `the stack ${stack} has its own cluster.yaml, so it cannot take the identity of ${from}`,
      fix: "remove `from`, or give the ephemeral stack another name",
    });
    return own;
  }
  const lender = tree.clusters.get(from);
  if (!lender) {
    faults.setting("from", "setting-from", {
      message: `from is "${from}", but ${clusterFile(from)} is missing`,
      fix: offerNames(from, tree.clusters.keys()),
    });
    return undefined;
  }
  // Two clusters at the same host names would take each other's DNS records.
  return { ...lender, domain: `${stack}.${lender.domain}` };
}

function reportMissing(stack: string, tree: Tree, faults: Faults): void {
  const directory = `gitops/clusters/${stack}/`;
  // A cluster.yaml that exists but is broken was already reported with its line.
  if (tree.findings.some((finding) => finding.severity === "error" && finding.file.startsWith(directory))) return;
  const near = nearestName(stack, tree.clusters.keys());
  faults.sentence({
    message: `the stack ${stack} matches no cluster: ${directory}cluster.yaml is missing`,
    fix: near
      ? offerNames(stack, tree.clusters.keys())
      : `${offerNames(stack, tree.clusters.keys())}, write that file, or name the cluster whose identity an ephemeral stack takes: pulumi config set from <cluster>`,
  });
}
