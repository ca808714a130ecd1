import type { HostileTree } from "../../cli/robustness/support/hostile-tree";
import type { AttackedCluster } from "./cluster";
import type { Common, RequestAttempt, Shows, Stop } from "./request";
import type { Tree } from "./tree";

/** `changes` and the others are about an entry of the plan: a component, and one of its clusters. */
export type PlanSays = string | `${"changes" | "refuses" | "does not know"} ${string} in ${string}` | "no change";

/** A change that somebody pushes to the branch that the clusters follow. */
export interface CommitAttempt extends Common {
  how: "commit";
  /** What is there before, and is not part of the attempt. */
  given?: (tree: Tree) => void;
  /** One commit, or several one after the other. */
  change: ((tree: Tree) => void) | ((tree: Tree) => void)[];
  /** Rules whose errors it must find; none: `check` passes. */
  check: string[];
  plan: PlanSays[];
  cluster?: {
    in?: "dev" | "prod";
    /** It stops a whole cluster or a whole set while it is there, so nothing else can be tried meanwhile. */
    alone?: true;
    /** The same, but for attempts of the same word: they are in one commit. */
    together?: string;
    stop: Stop;
    /** Where Argo CD says so: `Application x`, `ApplicationSet x`. */
    at?: string;
    says?: RegExp;
    shows?: Shows[];
    /** `Kind namespace/name` of what the attempt may delete; nothing else of the cluster may be gone, or another one. */
    loses?: RegExp;
    /** The same, in dev alone: there the branch decides what is kept. */
    losesInDev?: RegExp;
    /** What stays after the revert. */
    leaves?: RegExp;
  };
}

/** Something in a running cluster or on its machine that is looked at, or tried and taken back. */
export interface MachineAttempt extends Common {
  how: "machine";
  /** Throws when it is not as it must be. */
  holds: (cluster: AttackedCluster) => Promise<void> | void;
  /** What is right, for the page. */
  right: string;
}

/** A checkout of somebody else, which the tool reads: nothing of it runs, and nothing outside is read or written. */
export interface ToolAttempt extends Common {
  how: "tool";
  make(tree: HostileTree): void;
  /** Default: `plan`, `check` and the other readers. */
  verbs?: string[];
  says?: RegExp;
}

export type Attempt = CommitAttempt | RequestAttempt | MachineAttempt | ToolAttempt;

/** The number of an attempt in the list that the table replays. */
export function numberOf({ id }: Pick<Attempt, "id">): number {
  return Number(/^\d+/.exec(id)![0]);
}
