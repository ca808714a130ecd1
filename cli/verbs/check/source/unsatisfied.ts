import { lackingCapabilities, type Capability } from "../../../../model/capabilities";
import type { Identity } from "../../../../model/identity";
import { effectiveCapabilities } from "../../../../model/providers";
import type { CheckInput } from "../input";
import type { pinsOf } from "./inventory";

/** A pin with the clusters that it is meant for, none of which can run it. */
export interface Unsatisfied {
  clusters: Identity[];
  /** What each of them can do. */
  able: Capability[][];
  /** What each of them lacks of what the pin requires. */
  lacking: Capability[][];
}

/** What the clusters of a pin lack; undefined where one of them lacks nothing, or there is none. */
export function unsatisfied(
  input: CheckInput,
  { stage, ring, pin }: ReturnType<typeof pinsOf>[number],
): Unsatisfied | undefined {
  const clusters = input.clustersOf(stage).filter((cluster) => ring === undefined || cluster.ring === ring);
  if (!pin || clusters.length === 0) return undefined;
  const able = clusters.map((cluster) => effectiveCapabilities(cluster, cluster.provider));
  const lacking = able.map((own) => lackingCapabilities(pin.requires, own));
  return lacking.some((missing) => missing.length === 0) ? undefined : { clusters, able, lacking };
}
