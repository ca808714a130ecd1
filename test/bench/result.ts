import { cpus, totalmem } from "node:os";

/** What one bench run measured; docs/performance.json keeps the last one that was saved. */
export interface Result {
  cluster?: ClusterResult;
  eks?: ClusterResult;
  fleet?: FleetResult;
  pages?: ClusterResult;
  rings?: RingsResult;
  shipped?: ShippedResult;
}

/** When and where something was measured. */
export interface Setting {
  date: string;
  machine: string;
  rounds: number;
}

export interface ClusterResult extends Setting {
  figures: Figure[];
}

/** One thing of a cluster, once per round. */
export interface Figure {
  what: string;
  unit: "s" | "ms" | "GiB";
  budget: number;
  values: number[];
}

export interface FleetResult extends Setting {
  clusters: number;
  components: number;
  commands: CommandFigure[];
  growth: GrowthFigure[];
  /** Absent when there is no helm to measure. */
  helm?: HelmFigure;
}

/** The tree of this checkout in a large fleet. */
export interface ShippedResult extends Setting {
  clusters: number;
  addons: number;
  apps: number;
  /** Components whose chart was not at hand. */
  absent: number;
  commands: CommandFigure[];
}

/** The same commands on fleets without rings and with some. */
export interface RingsResult extends Setting {
  components: number;
  rings: number;
  figures: RingsFigure[];
}

/** One command on a fleet of some size, seconds of warm runs, once per round. */
export interface RingsFigure {
  clusters: number;
  what: string;
  without: number[];
  with: number[];
}

/** One command on the fleet, seconds once per round. */
export interface CommandFigure {
  id: string;
  what: string;
  budget?: number;
  /** Applications that differ, all clusters together. */
  changed?: number;
  cold: number[];
  warm: number[];
  /** MiB, the tool and its renderer together. */
  memory?: number;
}

/** A plan of one kind of change on fleets of several sizes. */
export interface GrowthFigure {
  id: string;
  what: string;
  points: GrowthPoint[];
}

/** Seconds of warm runs, and of cold ones, once per round. */
export interface GrowthPoint {
  clusters: number;
  applications: number;
  changed: number;
  seconds: number[];
  cold: number[];
  memory?: number;
}

/** `helm template` for each Application before and after, as many at a time as there are cores. */
export interface HelmFigure {
  version: string;
  /** Applications that were rendered on both sides to learn what one takes, and the seconds that took. */
  sample: number;
  seconds: number[];
  /** The Applications of one value's change, if somebody knew them. */
  known: { applications: number; seconds: number[] };
}

export function setting(rounds: number): Setting {
  const machine = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
  return { date: new Date().toISOString().slice(0, 10), machine, rounds };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** Seconds that `helm template` takes for both sides of some Applications, from what one of the sample took. */
export function helmSeconds({ sample, seconds }: HelmFigure, applications: number): number {
  return (median(seconds) / sample) * applications;
}

/** The straight line through points, by least squares: what is there anyway, and what each unit of x adds. */
export function line(points: readonly (readonly [x: number, y: number])[]): { start: number; slope: number } {
  const mean = (of: (point: readonly [number, number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const x = mean(([value]) => value);
  const y = mean(([, value]) => value);
  const spread = points.reduce((sum, [value]) => sum + (value - x) ** 2, 0);
  const slope = points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0) / spread;
  return { start: y - slope * x, slope };
}
