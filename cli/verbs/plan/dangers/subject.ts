import type { ApplicationChange, ExpandedSet } from "../../../tree/renderer";
import type { Documents } from "../workloads";

/** Clusters of a change in which Argo CD acts the same way. */
export interface Policy {
  clusters: string[];
  /** Whether Argo CD deletes what is no longer in the manifests. */
  prunes: boolean;
  /** Whether Argo CD deletes everything of an Application that makes nothing any more. */
  allowsEmpty: boolean;
  /** Whether the clusters make Argo CD ask before it removes objects that hold data. */
  asks: boolean;
  /** A file that is gone and without which the Application does not render. */
  missing?: string;
  /** The stage that the clusters had before the change, where its file is gone. */
  lostStage?: string;
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
