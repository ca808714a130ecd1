import type { ApplicationChange, ExpandedSet } from "../../../tree/renderer";
import type { Documents } from "../workloads";

/** Clusters of a change in which Argo CD acts the same way. */
export interface Policy {
  clusters: string[];
  /** Whether Argo CD deletes what is no longer in the manifests. */
  prunes: boolean;
  /** Sync options of the Application. */
  syncOptions: readonly string[];
  /** What happens to a removed Application. */
  removal: "with-resources" | "without-resources" | "kept" | "cluster-removed";
  /** The set that would have made it. */
  set?: ExpandedSet;
}

/** What the danger rules look at. */
export interface Subject {
  change: ApplicationChange;
  documents: Documents;
  policies: readonly Policy[];
  /** Why Argo CD may not write a manifest, by its id. */
  refusals: ReadonlyMap<string, string>;
}
