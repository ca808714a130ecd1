import { deletionApproved } from "../argocd";
import type { RuleText } from "./text";

/**
 * What a change does to running clusters, the most dangerous first. A plan lists its entries in this order. What blocks a sync,
 * or cannot be undone by restoring a file, is an error.
 */
export const changeRules = {
  "volume-removed": {
    title: "A PersistentVolumeClaim or PersistentVolume is deleted.",
    why: "With the reclaim policy Delete its data is gone.",
    fix: "Keep it in Git, give it the sync option Prune=false, or make sure that the data is no longer needed.",
    severity: "error",
  },
  "crd-removed": {
    title: "A CustomResourceDefinition is deleted and created again, because it is a hook or has Force=true.",
    why: "Together with a definition Kubernetes deletes every object of its kind, in all namespaces, also those that Argo CD did not make.",
    fix: "Remove the hook annotation or the option. A definition that is only removed from Git stays in the cluster, also when its Application is deleted.",
    severity: "error",
    formerly: ["vanishing-crd"],
  },
  "namespace-removed": {
    title: "A Namespace is deleted.",
    why: "Everything in it is deleted too, also what Argo CD does not manage.",
    fix: "Keep it in Git, or give it the sync option Prune=false, until nothing in it is needed any more.",
    severity: "error",
  },
  "stage-removed": {
    title: "The file of a stage is gone that clusters had before the change.",
    why: "A running cluster keeps the stage that its last up gave it. Its Argo CD renders nothing of that stage any more, and leaves everything as it is.",
    fix: "Rename a stage in three steps: add the new one, move its clusters and run up on each, remove the old one.",
    severity: "error",
  },
  "application-emptied": {
    title: "An Application makes nothing any more that Argo CD keeps in sync.",
    why: "Argo CD does not sync what would delete everything of an Application (allowEmpty): its objects stay, and are out of sync.",
    fix: "Remove the pin where the component should go. Otherwise look for an emptied list or template.",
    severity: "error",
  },
  "application-removed": {
    title: "An Application is deleted.",
    why: "With Argo CD's finalizer its resources are deleted too; without it they stay, and nothing manages them any more.",
    fix: "Make sure that what it deployed is no longer needed, or keep the pin.",
    severity: "error",
  },
  "deletion-allowed": {
    title: "An ApplicationSet that kept Applications or their resources may delete them from now on.",
    why: "The next component that is removed from Git is deleted with everything it deployed.",
    fix: "Keep applicationsSync and preserveResourcesOnDeletion in stages that serve users.",
    severity: "error",
  },
  "namespace-moved": {
    title: "An Application deploys to another namespace.",
    why: "Everything is created again there, and pruned where it was.",
    fix: "Move the data first, or keep the namespace.",
    severity: "error",
  },
  "boundary-crossed": {
    title: "An Application makes an object that the policies of the cluster do not let it write.",
    why: "Such an object decides what Argo CD may do, or whether the cluster's policies hold: AppProject bootstrap, Argo CD's own settings, its CRDs, an AppProject that allows more than its namespaces, a webhook that is not listed; in a namespace of a team, rights with which the team could lift its own limits. The cluster's policy refuses it, and the sync of the Application stops there.",
    fix: "Remove the object. In a namespace of a team bind view, edit or admin, or a Role that names what it allows. A webhook configuration or an APIService of an add-on is listed in platform.registrations of gitops/bootstrap/values.yaml; then run `onebranch up` on each cluster before the add-on gets there.",
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
    why: "It also allows everything that will be added to the cluster later.",
    fix: "List what the role needs.",
    severity: "error",
  },
  "rbac-escalation": {
    title: "A role may now bind, escalate or impersonate.",
    why: "Everyone who has the role can take any other identity or right.",
    fix: "Leave these verbs to the cluster's administrators.",
    severity: "error",
  },
  "replicas-zero": {
    title: "A workload is scaled to zero.",
    why: "It no longer runs.",
    fix: "Keep at least one replica, or remove the workload when it should go.",
    severity: "error",
  },
  "immutable-field": {
    title: "A change touches a field that Kubernetes does not allow to change.",
    why: "The API server refuses the update, and every sync of the Application fails until somebody deletes the object.",
    fix: "Leave the field as it is, or give the object a new name. Force=true,Replace=true help only in an Application without server-side apply.",
    severity: "error",
  },
  "stateful-set-removed": {
    title: "A StatefulSet is deleted.",
    why: "Its pods stop; its claims stay unless its retention policy deletes them.",
    fix: "Make sure that what it serves is no longer needed.",
    severity: "error",
  },
  "workload-removed": {
    title:
      "A workload of an Application that stays is deleted: a Deployment, Rollout, DaemonSet, ReplicaSet, CronJob, Job or Pod.",
    why: "Its pods stop. An emptied list or template looks like this.",
    fix: "Make sure that what it does is no longer needed.",
    severity: "error",
  },
  "limits-removed": {
    title: "A ResourceQuota or LimitRange of an Application that stays is deleted.",
    why: "One component may then take what the others in the cluster need. An emptied list or template looks like this.",
    fix: "Keep it as long as its namespace is used.",
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
  "crosses-rings": {
    title: "One change reaches the clusters of several stages, or of several rings of a stage.",
    why: "A fault would reach production, or all of it, at the same time as the clusters that should find it.",
    fix: "Make one change for each stage and each ring, the earliest first: its pins, its values. Where a stage has rings, write what is new into stages/<stage>/rings/<first ring>/ and promote it ring by ring (onebranch promote <component> --to <stage>). Files that all stages and rings share (a component's values.yaml, a region's file, bootstrap) reach all clusters at once. Set such a value stage by stage and ring by ring, and move it to the shared file when that changes nothing any more, or excuse it on the line that changes. These are allowed: a component that is added or removed as a whole and what the added one needs; in bootstrap new namespaces and AppProjects, and namespaces and repositories that a project takes in; and whatever makes no difference in any cluster, such as a shared value that only the new version of a chart reads.",
    severity: "error",
  },
  prune: {
    title: "Resources are no longer in the manifests, and Argo CD deletes them.",
    why: "What they do ends with the next sync.",
    fix: "Make sure that they are no longer needed, or give them the sync option Prune=false.",
    severity: "warning",
  },
  "rbac-wider": {
    title: "A role allows more than before, or a binding has new subjects.",
    why: "Some subjects may do more than before.",
    fix: "Look at the verbs and resources that the plan names.",
    severity: "warning",
  },
  "object-recreated": {
    title:
      "A field changes that Kubernetes does not allow to change, so Argo CD deletes the object and creates it again.",
    why: "What the object does is interrupted.",
    fix: "Nothing, where its sync options are there for that.",
    severity: "warning",
  },
  "prune-enabled": {
    title: "Argo CD starts to delete what is no longer in the manifests of an Application.",
    why: "What earlier changes left behind is deleted too.",
    fix: "Before this lands, look in Argo CD for objects that the Application no longer makes.",
    severity: "warning",
  },
  "team-changed": {
    title: "An app goes from one team to another.",
    why: "The team is the AppProject that limits the app, and its members may change what the app runs. Both teams should know of it.",
    fix: "Have both teams review it, and run onebranch owners --write.",
    severity: "warning",
  },
  "finalizer-changed": {
    title: "The finalizers of an object change.",
    why: "They decide what else is deleted with it. With Argo CD's own finalizer an Application's resources are deleted too.",
    fix: "Make sure that the next deletion does what you want.",
    severity: "warning",
  },
  "drift-ignored": {
    title: "Argo CD no longer compares or writes fields of an Application.",
    why: "A change that somebody makes of them in a cluster stays, and Argo CD shows the Application as synced.",
    fix: "Make sure that a controller owns these fields, and that no others are named.",
    severity: "warning",
  },
  "application-kept": {
    title: "An Application is no longer made, and its stage's policy keeps it.",
    why: "It runs on, but no set manages it any more. Without its files it does not render, and stays as it is.",
    fix: "Delete it by hand when it is no longer needed.",
    severity: "warning",
  },
  "confirmation-needed": {
    title: "A sync or a deletion waits until somebody confirms it, because an object asks for that.",
    why: "Until then nothing of the Application changes.",
    fix: `Confirm it in Argo CD once it asks, or with \`kubectl annotate application NAME --namespace argocd --overwrite ${deletionApproved}=$(date -u +%FT%TZ)\`; or remove Prune=confirm or Delete=confirm.`,
    severity: "warning",
  },
  "left-behind": {
    title: "Resources are no longer in the manifests and stay in the cluster.",
    why: "They run on, and nothing manages them any more.",
    fix: "Delete them by hand when they are no longer needed.",
    severity: "warning",
  },
} satisfies Record<string, RuleText>;
