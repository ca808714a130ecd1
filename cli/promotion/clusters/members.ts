import { lackingCapabilities, type Requirement } from "../../../model/capabilities";
import type { Identity } from "../../../model/identity";
import { effectiveCapabilities } from "../../../model/providers";
import { readTree } from "../../../model/tree";
import type { TreeSource } from "../../../model/tree-source";
import { allOf } from "../../terminal/table";
import { pinWords, type PinnedComponent } from "../../tree/pins";
import { pinAt, type Step } from "../../tree/ring-steps";

/** The clusters of a stage or a ring, as far as a component is concerned. */
export interface Members {
  /** Those that get what the step's pin says. */
  clusters: Identity[];
  /** Those that do not, each with a sentence that says why. */
  others: { cluster: string; why: string }[];
}

/** The clusters that a step reaches, and those that it passes by. */
export function membersOf(source: TreeSource, component: PinnedComponent, step: Step): Members {
  const pin = pinAt(component, step)?.pin;
  const found: Members = { clusters: [], others: [] };
  for (const cluster of readTree(source).clusters.values()) {
    if (cluster.stage !== step.stage || (step.ring !== undefined && cluster.ring !== step.ring)) continue;
    const why = otherwise(cluster, component, pin?.requires);
    if (why === undefined) found.clusters.push(cluster);
    else found.others.push({ cluster: cluster.name, why });
  }
  return found;
}

function otherwise(
  cluster: Identity,
  { own, name }: PinnedComponent,
  requires: Requirement | undefined,
): string | undefined {
  const held = own.get(cluster.name);
  if (held !== undefined) {
    const pin = held.pin === undefined ? "what its own pin says" : pinWords(held.pin);
    return `${cluster.name} keeps ${pin}, by a pin of its own (${held.path})`;
  }
  const lacking = requires && lackingCapabilities(requires, effectiveCapabilities(cluster, cluster.provider));
  if (lacking === undefined || lacking.length === 0) return undefined;
  return `${cluster.name} does not have ${name}: it cannot do ${allOf(lacking)}`;
}
