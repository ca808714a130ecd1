import type { MaskedField } from "../../tree/mask";
import type { Plan } from "../plan/types";

/** What the server says, to its page and to scripts. Times are ISO 8601, in UTC. */

/** What an Application, or a resource of it, is like; worst first. */
export const states = ["failed", "drifted", "unknown", "progressing", "suspended", "good"] as const;
export type State = (typeof states)[number];

/** An Application in the fleet: one component in one cluster. */
export interface Cell {
  name: string;
  component: string;
  state: State;
  /** `Synced`, `OutOfSync` or `Unknown`. */
  sync: string;
  health: string;
  /** Version of its chart; empty when it has none. */
  version: string;
  /** Commit that it was last compared at; empty while it was not. */
  revision: string;
  /** Phase of the last sync operation; empty when there was none. */
  phase: string;
  /** The clearest reason for not being Synced and Healthy; empty when it is. */
  message: string;
  /** When this version came, or its last sync where it has none; empty when Argo CD does not say. */
  since: string;
}

/** Whether a cluster answers. */
export interface Link {
  state: "connecting" | "live" | "unreachable";
  since: string;
  /** Why it cannot be reached. */
  why?: string;
}

/** What a cluster is; a text is empty where that is not known. */
export interface ClusterFacts {
  name: string;
  stage: string;
  /** Empty in a stage without rings. */
  ring: string;
  region: string;
  provider: string;
  /** Of a short-lived stack: whose identity it takes, and when its time runs out. */
  lifetime?: { from: string; expires?: string };
  /** Whether it is a stack of this checkout, which other verbs know by its name. */
  isStack: boolean;
}

/** A cluster of the fleet. What it had when it was last reached stays. */
export interface FleetCluster extends ClusterFacts {
  link: Link;
  applications: Cell[];
}

/** `/api/fleet`: every cluster, in the order of the stages. */
export interface FleetView {
  stages: string[];
  /** The rings of each stage that has some, in their order. */
  rings: Record<string, string[]>;
  clusters: FleetCluster[];
}

/** Something that happened in a cluster. */
export interface Happening {
  at: string;
  cluster: string;
  application?: string;
  state: State;
  what: string;
}

/** `/api/recent`: what happened lately in all clusters, newest first. */
export type RecentView = Happening[];

/** `/api/clusters/<cluster>`: one cluster. */
export interface ClusterView extends FleetCluster {
  /** What the cluster says it is; undefined when it cannot be asked. */
  identity?: Record<string, string>;
  argocd: { url?: string; login?: string };
  /** How to use kubectl with it. */
  kubectl: string;
  /** Of a short-lived stack, in words: `runs out in 4 h (2026-12-01T18:00:00Z)`. */
  ends?: string;
  exceptions: ExceptionView[];
  commands: Command[];
}

export interface ExceptionView {
  component: string;
  /** What may differ: keys, or the pin. */
  what: string;
  owner: string;
  reason: string;
  ticket: string;
  expires: string;
  /** Negative once it has expired. */
  daysLeft: number;
}

/** A command that prints what the page shows. */
export interface Command {
  what: string;
  line: string;
}

/** `/api/clusters/<cluster>/applications/<application>`: one Application, as its own status tells it. */
export interface ApplicationView extends Cell {
  cluster: string;
  project: string;
  namespace: string;
  /** Whether a sync also removes what Git does not have. */
  prunes: boolean;
  sources: { repository: string; what: string; revision: string }[];
  images: string[];
  conditions: { type: string; message: string; at: string }[];
  reasons: string[];
  lastSync?: { phase: string; message: string; startedAt: string; finishedAt: string; revision: string; by: string };
  resources: ResourceView[];
  /** Newest first. */
  history: { at: string; revision: string; version: string; by: string }[];
  commands: Command[];
}

/** `/api/clusters/<cluster>/applications/<application>/live`: what is asked of the cluster beside the Application. */
export interface LiveView {
  /** The tree of what runs for it, parents before their children; only where Argo CD's API answers. */
  tree?: TreeNode[];
  /** What differs between Git and the cluster. */
  differences: ResourceDifference[];
  /** Why the differences are those that the Application's status names, without their fields. */
  onlyStatus?: string;
  /** Newest first. */
  events: EventView[];
  /** Why there are no events. */
  noEvents?: string;
}

/** A resource, or what a controller made for it, such as a Pod. */
export interface TreeNode {
  /** How many parents are above it. */
  depth: number;
  kind: string;
  namespace: string;
  name: string;
  health: string;
  message: string;
  /** Facts that Argo CD shows beside it, such as `Revision: Rev:2`. */
  facts: string[];
}

/** A resource that differs from Git: `add` and `remove` are what a sync would do. */
export interface ResourceDifference {
  change: "add" | "change" | "remove";
  kind: string;
  namespace: string;
  name: string;
  /** From what is in the cluster to what is in Git; secrets masked. */
  fields: MaskedField[];
}

export interface EventView {
  at: string;
  type: string;
  reason: string;
  /** `Kind name`. */
  object: string;
  message: string;
  count: number;
}

/** `/api/clusters/<cluster>/applications/<application>/values`: why each value is what it is, in the working tree; secrets masked. */
export interface ValuesView {
  chart: string;
  values: (ValueOrigin & { key: string; overrides: ValueOrigin[] })[];
  notes: string[];
  /** Why there are no values: the working tree does not have it there, or cannot be read. */
  missing?: string;
}

export interface ValueOrigin {
  value: unknown;
  file: string;
  line: number;
  layer: string;
}

/** `/api/plan` and `/api/components/<component>/promotions/<stage>`: what `onebranch plan` or `onebranch promote --dry-run` prints as JSON. */
export interface PlanAnswer {
  /** When it was computed. */
  at: string;
  command: string;
  /** Missing when a promotion changes nothing. */
  plan?: Plan;
  /** Why there is no plan. */
  note?: string;
  /** Of a promotion of all components: those that only a promotion by their name brings to the stage. */
  absent?: string[];
}

/** What a static snapshot holds: every view by its path below `api/`. */
export interface Snapshot {
  at: string;
  views: Record<string, unknown>;
}

export interface ResourceView {
  kind: string;
  namespace: string;
  name: string;
  state: State;
  sync: string;
  health: string;
  message: string;
  /** What the last sync did with it; empty when it did nothing. */
  result: string;
}

/** `/api/components/<component>`: one component along the stages. */
export interface ComponentView {
  component: string;
  /** In the order of the stages; the commit is the one that brought the pin, where the checkout has it. */
  places: { cluster: string; stage: string; ring: string; region: string; cell: Cell; commit?: CommitView }[];
  /** The stages that it can be promoted to. */
  targets: string[];
  commands: Command[];
}

export interface CommitView {
  id: string;
  author: string;
  at: string;
  subject: string;
}

/** The answer when something cannot be shown. */
export interface Refusal {
  error: string;
}

/** The events of `/api/events`: first `fleet` and `recent`, then a `change` whenever something is another. */
export interface Change {
  links: { cluster: string; link: Link }[];
  cells: { cluster: string; cell: Cell }[];
  removed: { cluster: string; name: string }[];
  recent: Happening[];
}
