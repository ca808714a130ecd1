import type { DangerId, Level } from "../types";

export interface DangerText {
  level: Level;
  /** What the plan saw, and what it means for a running cluster. */
  meaning: string;
}

/** Every danger that a plan can report, most dangerous first: this is also the order of a plan's entries. */
export const catalog: Readonly<Record<DangerId, DangerText>> = {
  "volume-removed": {
    level: "high",
    meaning: "A PersistentVolumeClaim or PersistentVolume is deleted; with reclaim policy Delete its data is gone.",
  },
  "crd-removed": {
    level: "high",
    meaning: "A CustomResourceDefinition is deleted, and Kubernetes deletes every object of that kind with it.",
  },
  "namespace-removed": {
    level: "high",
    meaning: "A Namespace is deleted with everything in it, also what Argo CD does not manage.",
  },
  "application-removed": {
    level: "high",
    meaning: "An Application goes away and takes its resources with it.",
  },
  "deletion-allowed": {
    level: "high",
    meaning: "An ApplicationSet that kept Applications or their resources may delete them from now on.",
  },
  "namespace-moved": {
    level: "high",
    meaning: "An Application deploys to another namespace: everything is made anew there, and pruned where it was.",
  },
  "rbac-cluster-admin": { level: "high", meaning: "A binding gives cluster-admin to a new subject." },
  "rbac-wildcard": { level: "high", meaning: "A role gets `*` for verbs, resources, groups or URLs." },
  "rbac-escalation": {
    level: "high",
    meaning: "A role may now bind, escalate or impersonate: its holder can become anybody.",
  },
  "replicas-zero": { level: "high", meaning: "A workload is scaled to zero: nothing of it runs." },
  "immutable-field": {
    level: "high",
    meaning: "A field changes that Kubernetes does not let change: the sync fails until somebody deletes the object.",
  },
  "stateful-set-removed": {
    level: "high",
    meaning: "A StatefulSet is deleted; its claims stay unless its retention policy deletes them.",
  },
  "crd-version-removed": {
    level: "high",
    meaning: "A CustomResourceDefinition no longer serves a version that objects or clients may still use.",
  },
  "cluster-removed": {
    level: "high",
    meaning:
      "The files of a cluster are gone: its Argo CD can no longer render its root and leaves everything as it is.",
  },
  prune: { level: "medium", meaning: "Resources are no longer in the manifests, and Argo CD deletes them." },
  "rbac-wider": { level: "medium", meaning: "A role allows more than before, or a binding has new subjects." },
  "object-recreated": {
    level: "medium",
    meaning:
      "A field changes that Kubernetes does not let change, and Argo CD deletes the object and creates it again.",
  },
  "prune-enabled": { level: "medium", meaning: "Argo CD starts to delete what is no longer in the manifests." },
  "finalizer-changed": {
    level: "medium",
    meaning: "What happens when an object is deleted changes: with Argo CD's finalizer its resources go too.",
  },
  "application-kept": {
    level: "medium",
    meaning: "An Application is no longer made, and its stage's policy keeps it: it runs on, and nobody manages it.",
  },
  "confirmation-needed": {
    level: "medium",
    meaning: "A sync or a deletion does nothing until somebody confirms it, because an object asks for that.",
  },
  "left-behind": {
    level: "medium",
    meaning: "Resources are no longer in the manifests and stay in the cluster, since they are not pruned.",
  },
};

const order = Object.keys(catalog) as DangerId[];

/** The place in the order of danger, 0 is the worst. */
export function rank(id: DangerId): number {
  return order.indexOf(id);
}
