import type { ApplicationChange, ExpandedSet, KubernetesObject, ResourceChange } from "../../../tree/renderer";
import { resourceName } from "../../../tree/resource";
import type { DangerId } from "../types";
import type { Documents } from "../workloads";

/** Clusters of a change in which Argo CD acts the same way. */
export interface Policy {
  clusters: string[];
  /** Whether Argo CD deletes what is no longer in the manifests. */
  prunes: boolean;
  /** What happens to a removed Application. */
  removal: "with-resources" | "without-resources" | "kept" | "cluster-removed";
  /** The set that would have made it. */
  set?: ExpandedSet;
}

/** What the rules of danger look at. */
export interface Subject {
  change: ApplicationChange;
  documents: Documents;
  policies: readonly Policy[];
}

/** A danger before it is known in how many of the clusters of its entry it is the same. */
export interface Found {
  id: DangerId;
  /** The sentence, with the place where it holds. */
  say: (at: string) => string;
  resources: string[];
  /** Where the clusters are not all of the subject's. */
  clusters?: readonly string[];
}

/** One danger, in all clusters of the subject unless they are named. */
export function danger(
  id: DangerId,
  message: string | Found["say"],
  resources: readonly ResourceChange[] = [],
  clusters?: readonly string[],
): Found {
  const say = typeof message === "string" ? (at: string) => message + at : message;
  return { id, say, resources: resources.map(resourceName), ...(clusters === undefined ? {} : { clusters }) };
}

/** What Argo CD's and Helm's annotations say about pruning and deleting one object. */
export function isKept(object: KubernetesObject | undefined, what: "Prune" | "Delete"): boolean {
  const annotations = object?.metadata.annotations ?? {};
  const options = (annotations["argocd.argoproj.io/sync-options"] ?? "").split(",").map((option) => option.trim());
  return options.includes(`${what}=false`) || (what === "Delete" && annotations["helm.sh/resource-policy"] === "keep");
}

/** Hooks are no part of what is kept in sync: Argo CD makes them anew at each sync and prunes none. */
export function isHook(object: KubernetesObject | undefined): boolean {
  const annotations = object?.metadata.annotations ?? {};
  return "argocd.argoproj.io/hook" in annotations || "helm.sh/hook" in annotations;
}

/** An object behind a change, the newer one where there are two. */
export function documentOf({ documents }: Subject, { before, after }: ResourceChange): KubernetesObject | undefined {
  return documents.get(after ?? before ?? "");
}
