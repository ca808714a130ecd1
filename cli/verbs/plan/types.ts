import type { DangerId } from "../../../model/rules";
import type { MaskedField } from "../../tree/mask";
import type { ChangeKind, KubernetesObject, ResourceChange } from "../../tree/renderer";

/** What `onebranch plan --json` prints; docs/reference/plan.schema.json describes it. */
export interface Plan {
  /** The commit compared from. */
  base: string;
  /** The commit compared to, or "working tree". */
  head: string;
  /** All clusters that were looked at, in stage order, then by name. */
  clusters: PlanCluster[];
  /** Most dangerous first. */
  changes: PlanChange[];
  /** What could not be known offline; nothing is left out silently. */
  notEvaluated: Problem[];
  /** What Argo CD would refuse to render or to write. */
  failed: Problem[];
  /** Manifests that come out different at each render, so a change in them may mean nothing. */
  unsteady: Problem[];
}

export interface PlanCluster {
  name: string;
  stage: string;
  /** Missing in a stage without rings. */
  ring?: string;
  region: string;
}

/** One change of one component, with all clusters where it is the same. */
export interface PlanChange {
  component: string;
  change: ChangeKind;
  /** Why its AppProject refuses it. Argo CD then refuses the whole sync: nothing of the change arrives. */
  refused?: string[];
  clusters: string[];
  resources: PlanResource[];
  images: ImageChange[];
  replicas: ReplicaChange[];
  dangers: Danger[];
  causes: Cause[];
  /** What changes in the Application itself, such as its destination or its sync policy. */
  application: PlanField[];
  /** Different manifests behind this one change. */
  renders: number;
  /**
   * What differs between its clusters. `resources` and `application` show the first value of each;
   * everything else about them holds everywhere. Nothing is listed of what is removed.
   */
  varies: PlanVariation[];
}

/** A part of a fact that holds in some of the clusters of its change; without clusters it holds in all. */
export interface Somewhere {
  clusters?: string[];
}

/** A place in a manifest that has other values in other clusters. */
export interface PlanVariation {
  /** Which of the change's resources, from 0; missing for the Application itself. */
  resource?: number;
  path: string;
  /** The one that is shown first, then most clusters first; without `from` and `to` there is nothing at that place. */
  values: { from?: unknown; to?: unknown; clusters: string[] }[];
}

export interface PlanResource extends Somewhere, Omit<ResourceChange, "before" | "after" | "fields"> {
  /** The AppProject does not allow it. */
  refused?: true;
  /** For a changed resource: the fields that differ. */
  fields?: PlanField[];
  /** For a resource that appears or vanishes: the whole manifest, secrets masked. */
  manifest?: KubernetesObject;
}

/** One field that differs; `from` is missing for a new field, `to` for a removed one. */
export type PlanField = MaskedField;

export interface ImageChange extends Somewhere {
  from?: string;
  to?: string;
}

export interface ReplicaChange extends Somewhere {
  kind: string;
  namespace?: string;
  name: string;
  /** `spec.replicas`, or the bound of an autoscaler. */
  field: string;
  from?: number;
  to?: number;
}

export type Level = "high" | "medium";

export interface Danger extends Somewhere {
  /** Id of the rule; docs/reference/rules.md says what to do. */
  id: DangerId;
  level: Level;
  /** What happens, as a sentence without a full stop. */
  message: string;
  /** The resources it is about, `Kind namespace/name`. */
  resources: string[];
  /** What it sums up, the worst first: the rights that a new component brings are one danger. */
  details?: Omit<Danger, "details">[];
}

/** A line that makes the difference. */
export interface Cause extends Somewhere {
  file: string;
  line: number;
  /** The key at that line, `image.tag`, where the file is a mapping. */
  key?: string;
  /** "base" when the line is no longer there: it is the line of the base's file. */
  side: "base" | "head";
}

/** A part of an Application that is not known, or not made. */
export interface Problem {
  /** "*" for everything in those clusters. */
  component: string;
  clusters: string[];
  reason: string;
  /** For failures: on which side. */
  side?: "base" | "head";
}
