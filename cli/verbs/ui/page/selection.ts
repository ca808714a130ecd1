import type { Cell } from "../views";
import type { Cluster } from "./store";
import { isTrouble, rankOf, shownStates, wordsOf } from "./words";

/** What a reader wants to see of the fleet. */
export interface Wanted {
  /** Words; each must occur. */
  text: string;
  stage: string;
  region: string;
  troubleOnly: boolean;
  sort: string;
}

/** A cluster with those of its cells that are wanted. */
export interface Row {
  cluster: Cluster;
  cells: ReadonlyMap<string, Cell>;
}

/** The wanted clusters. One that cannot be reached is trouble, and stays in sight even if it has no cell. */
export function rowsOf(clusters: Iterable<Cluster>, wanted: Wanted): Row[] {
  const words = wordsOf(wanted.text);
  const rows: Row[] = [];
  for (const cluster of clusters) {
    const { name, stage, ring, region, provider, link } = cluster;
    if ((wanted.stage !== "" && stage !== wanted.stage) || (wanted.region !== "" && region !== wanted.region)) continue;
    const about = `${name} ${stage} ${ring} ${region} ${provider}`.toLowerCase();
    const left = words.filter((word) => !about.includes(word));
    const lost = link.state === "unreachable";
    const all = left.length === 0 && !wanted.troubleOnly;
    const cells = all ? cluster.cells : new Map([...cluster.cells].filter(([, cell]) => isWanted(cell, left, wanted)));
    if (all || cells.size > 0 || (lost && left.length === 0)) rows.push({ cluster, cells });
  }
  return wanted.sort === "name" ? rows : rows.sort(byTrouble);
}

function isWanted(
  { name, state, version, revision, message }: Cell,
  words: readonly string[],
  wanted: Wanted,
): boolean {
  if (wanted.troubleOnly && !isTrouble(state)) return false;
  const text = `${name} ${shownStates[state].words} ${version} ${revision} ${message}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Clusters with the worst first, and with most of it. */
function byTrouble(a: Row, b: Row): number {
  const [x, y] = [weightOf(a), weightOf(b)];
  const at = x.findIndex((value, index) => value !== y[index]);
  return at < 0 ? 0 : y[at]! - x[at]!;
}

function weightOf({ cluster, cells }: Row): number[] {
  const numbers = [0, 0, 0, 0];
  for (const { state } of cells.values()) if (isTrouble(state)) numbers[rankOf(state)]!++;
  return [cluster.link.state === "unreachable" ? 1 : 0, ...numbers];
}

/** The components of some rows; those with trouble first, unless names are asked for. */
export function columnsOf(rows: readonly Row[], sort: string): string[] {
  const weights = new Map<string, number[]>();
  for (const { cells } of rows) {
    for (const { name, state } of cells.values()) {
      const numbers = weights.get(name) ?? [0, 0, 0, 0];
      weights.set(name, numbers);
      if (isTrouble(state)) numbers[rankOf(state)]!++;
    }
  }
  const names = [...weights.keys()].sort();
  if (sort === "name") return names;
  return names.sort((a, b) => {
    const [x, y] = [weights.get(a)!, weights.get(b)!];
    const at = x.findIndex((value, index) => value !== y[index]);
    return at < 0 ? 0 : y[at]! - x[at]!;
  });
}

/** The same trouble of one component, wherever it is. */
export interface Trouble {
  cell: Cell;
  clusters: string[];
}

/** Trouble of all rows, the worst first; the same in many clusters is one entry. */
export function troublesOf(rows: readonly Row[]): Trouble[] {
  const found = new Map<string, Trouble>();
  for (const { cluster, cells } of rows) {
    for (const cell of cells.values()) {
      if (!isTrouble(cell.state)) continue;
      const key = [cell.name, cell.state, cell.message].join("\n");
      const same = found.get(key);
      if (same) same.clusters.push(cluster.name);
      else found.set(key, { cell, clusters: [cluster.name] });
    }
  }
  return [...found.values()].sort(
    (a, b) => rankOf(a.cell.state) - rankOf(b.cell.state) || b.clusters.length - a.clusters.length,
  );
}
