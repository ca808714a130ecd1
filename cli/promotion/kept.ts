import { isExpired, readExceptions } from "../../model/exception";
import { readTree } from "../../model/tree";
import type { TreeSource } from "../../model/tree-source";
import { pinWords, readPins } from "../tree/pins";
import type { Promotions } from "./promotions";

/** A pin of one cluster's own, which a promotion to its stage leaves as it is. */
export interface KeptPin {
  component: string;
  cluster: string;
  file: string;
  /** What it pins, as text. */
  pin: string;
  /** The kind that its exception gives (canary or hold); undefined without an exception. */
  kind?: "canary" | "hold";
  expires?: string;
  expired?: boolean;
}

/** Canaries and holds in clusters of a stage, which override the pins that are promoted to it. */
export function keptPins(source: TreeSource, { to, promotions }: Promotions, now = new Date()): KeptPin[] {
  const { clusters } = readTree(source);
  const { components } = readPins(source);
  const today = now.toISOString().slice(0, 10);
  return promotions.flatMap(({ component, ring }) => {
    const own = components.find(({ name }) => name === component)?.own ?? new Map<string, never>();
    return [...own].flatMap(([cluster, { path, pin }]): KeptPin[] => {
      const place = clusters.get(cluster);
      if (place?.stage !== to || (ring !== undefined && place.ring !== ring)) return [];
      const file = source.yaml(`gitops/clusters/${cluster}/exceptions.yaml`);
      const { value = [] } = file ? readExceptions(file) : {};
      const entry = value.find((found) => found.component === component && found.pin !== undefined);
      return [
        {
          ...{ component, cluster, file: path, pin: pin === undefined ? "has faults" : pinWords(pin) },
          ...(entry?.pin !== undefined && {
            ...{ kind: entry.pin, expires: entry.expires, expired: isExpired(entry, today) },
          }),
        },
      ];
    });
  });
}

/** `  prod-2 keeps 6.9.1: hold until 2026-12-31 (gitops/clusters/prod-2/pins/orders.yaml)`. */
export function keptLine({ cluster, file, pin, kind, expires, expired }: KeptPin): string {
  const why =
    kind === undefined
      ? "no exception says why"
      : expired === true
        ? `the ${kind} expired on ${expires}`
        : `${kind} until ${expires}`;
  return `  ${cluster} keeps ${pin}: ${why} (${file})`;
}
