import type { RuleText } from "./text";

/**
 * What a change does to running clusters, the most dangerous first: this is also the order of a plan's entries. What blocks a
 * sync or cannot be undone by bringing a file back is an error.
 */
export const changeRules = {
  "volume-removed": {
    title: "A PersistentVolumeClaim or PersistentVolume is deleted.",
    why: "With the reclaim policy Delete its data is gone.",
    fix: "Keep it in Git, give it the sync option Prune=false, or make sure that nobody needs the data.",
    severity: "error",
  },
  "crd-removed": {
    title: "A CustomResourceDefinition is deleted and created again, because it is a hook or has Force=true.",
    why: "With a definition Kubernetes deletes every object of its kind, in all namespaces, whoever made them.",
    fix: "Take the hook or the option away. A definition that only leaves Git stays in the cluster, also when its Application is deleted.",
    severity: "error",
    formerly: ["vanishing-crd"],
  },
  "namespace-removed": {
    title: "A Namespace is deleted.",
    why: "Everything in it is deleted too, also what Argo CD does not manage.",
    fix: "Keep it in Git, or give it the sync option Prune=false, until nothing in it is needed.",
    severity: "error",
  },
  "application-removed": {
    title: "An Application is deleted.",
    why: "With Argo CD's finalizer its resources are deleted too; without it they stay, and nothing manages them any more.",
    fix: "Make sure that nobody needs what it deployed, or keep the pin.",
    severity: "error",
  },
  "deletion-allowed": {
    title: "An ApplicationSet that kept Applications or their resources may delete them from now on.",
    why: "The next component that leaves Git is deleted with all it deployed.",
    fix: "Keep applicationsSync and preserveResourcesOnDeletion in stages that serve users.",
    severity: "error",
  },
  "namespace-moved": {
    title: "An Application deploys to another namespace.",
    why: "Everything is created again there, and pruned where it was.",
    fix: "Move the data first, or keep the namespace.",
    severity: "error",
  },
  "rbac-cluster-admin": {
    title: "A binding gives cluster-admin to a new subject.",
    why: "The subject may do anything in the cluster, and read every Secret.",
    fix: "Bind a role that allows what the subject needs.",
    severity: "error",
  },
  "rbac-wildcard": {
    title: "A role gets `*` for verbs, resources, groups or URLs.",
    why: "It also allows what will only be added to the cluster later.",
    fix: "Name what the role needs.",
    severity: "error",
  },
  "rbac-escalation": {
    title: "A role may now bind, escalate or impersonate.",
    why: "Its holder can become anybody.",
    fix: "Leave these verbs to the cluster's administrators.",
    severity: "error",
  },
  "replicas-zero": {
    title: "A workload is scaled to zero.",
    why: "Nothing of it runs.",
    fix: "Keep at least one replica, or remove the workload when it should go.",
    severity: "error",
  },
  "immutable-field": {
    title: "A change touches a field that Kubernetes does not let change.",
    why: "The API server refuses the update, and every sync of the Application fails until somebody deletes the object.",
    fix: "Leave the field, give the object a new name, or let Argo CD recreate it (sync-options: Force=true,Replace=true).",
    severity: "error",
  },
  "stateful-set-removed": {
    title: "A StatefulSet is deleted.",
    why: "Its pods stop; its claims stay unless its retention policy deletes them.",
    fix: "Make sure that nobody needs what it serves.",
    severity: "error",
  },
  "crd-version-removed": {
    title: "A CustomResourceDefinition no longer serves a version.",
    why: "Objects and clients that still use the version stop working.",
    fix: "Serve the version until nothing uses it.",
    severity: "error",
    formerly: ["vanishing-crd"],
  },
  "cluster-removed": {
    title: "The files of a cluster are gone.",
    why: "Its Argo CD can no longer render its root and leaves everything as it is.",
    fix: "Destroy the stack before its files are removed.",
    severity: "error",
  },
  prune: {
    title: "Resources are no longer in the manifests, and Argo CD deletes them.",
    why: "What they did ends with the next sync.",
    fix: "Make sure that nobody needs them, or give them the sync option Prune=false.",
    severity: "warning",
  },
  "rbac-wider": {
    title: "A role allows more than before, or a binding has new subjects.",
    why: "Somebody may do what only others could.",
    fix: "Look at the verbs and resources that the plan names.",
    severity: "warning",
  },
  "object-recreated": {
    title: "A field changes that Kubernetes does not let change, and Argo CD deletes the object and creates it again.",
    why: "What the object does is interrupted.",
    fix: "Nothing, where that is what its sync options are for.",
    severity: "warning",
  },
  "prune-enabled": {
    title: "Argo CD starts to delete what is no longer in the manifests of an Application.",
    why: "What was left behind by earlier changes is deleted too.",
    fix: "Look in Argo CD at what the Application no longer makes before this lands.",
    severity: "warning",
  },
  "finalizer-changed": {
    title: "The finalizers of an object change.",
    why: "They decide what its deletion takes along: with Argo CD's own an Application's resources go too.",
    fix: "Make sure that the next deletion does what is meant.",
    severity: "warning",
  },
  "application-kept": {
    title: "An Application is no longer made, and its stage's policy keeps it.",
    why: "It runs on, and nobody manages it.",
    fix: "Delete it by hand when it should go.",
    severity: "warning",
  },
  "confirmation-needed": {
    title: "A sync or a deletion waits until somebody confirms it, because an object asks for that.",
    why: "Until then nothing of the Application changes.",
    fix: "Confirm it in Argo CD, or take Prune=confirm or Delete=confirm away.",
    severity: "warning",
  },
  "left-behind": {
    title: "Resources are no longer in the manifests and stay in the cluster.",
    why: "They run on, and nothing manages them any more.",
    fix: "Delete them by hand when they should go.",
    severity: "warning",
  },
} satisfies Record<string, RuleText>;
