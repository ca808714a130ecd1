import type { At } from "./rule";

/** An Application that an ApplicationSet of the tree makes in a cluster. */
export interface EvaluatedApplication {
  cluster: string;
  name: string;
  /** The value files that exist, and the files whose parameters it is made from. */
  reads: readonly string[];
  /** The ApplicationSets that make an Application of this name, when there are several. */
  collides: readonly string[];
  /** Where to point: the pin it is made from. */
  origin: At;
}

/** What the ApplicationSets of a tree make. */
export interface Applications {
  list: readonly EvaluatedApplication[];
}

export interface Manifests {
  list: readonly never[];
}
