import type { ApplicationChange } from "../renderer";

/** A change in some of its clusters. */
export function only(change: ApplicationChange, clusters: string[]): ApplicationChange {
  const part = <T extends { clusters: string[] }>(list: readonly T[]) =>
    list
      .map((one) => ({ ...one, clusters: one.clusters.filter((cluster) => clusters.includes(cluster)) }))
      .filter((one) => one.clusters.length > 0);
  const { owners, readings } = change;
  return { ...change, clusters, readings: part(readings), ...(owners && { owners: part(owners) }) };
}
