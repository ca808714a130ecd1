import type { RuleText } from "./text";

/** What is wrong with the manifests that Applications render. */
export const manifestRules = {
  "render-failure": {
    title: "An Application does not render.",
    why: "Argo CD keeps what runs and applies nothing new until the chart renders again.",
    fix: "Mend the values or the chart as the renderer says. A chart that is not available is listed as not evaluated.",
    severity: "error",
  },
  "unevaluated-chart": {
    title: "What an Application of the tree makes cannot be known from the tree.",
    why: "Every other rule is silent about it: whatever it makes would be merged unseen. Charts from a chart repository that is not at hand are listed as not evaluated instead.",
    fix: "Commit what is missing: dependencies into the chart's charts/ (helm dependency update), remote files as files of the tree.",
    severity: "error",
  },
  "shared-resource": {
    title: "Two Applications of one cluster make the same resource.",
    why: "They overwrite each other for ever, and removing one of them deletes what the other needs.",
    fix: "Let only one of them make it, or give the resources different names.",
    severity: "error",
  },
  "repeated-resource": {
    title: "One Application makes the same resource more than once.",
    why: "Argo CD applies only the last one and warns of it (RepeatedResourceWarning): what the other templates say is lost.",
    fix: "Let only one template make it, or give the resources different names.",
    severity: "warning",
  },
  "outliving-token": {
    title: "An Application makes a token Secret of a service account that it does not make.",
    why: "Argo CD takes such a Secret for a part of the account: it deletes it neither when the chart no longer makes it nor with the Application. The token stays valid.",
    fix: "Make the service account in the same chart: Kubernetes deletes its tokens with it. Better, use tokens that expire (`kubectl create token`, projected volumes).",
    severity: "error",
  },
  "unconfirmed-removal": {
    title:
      "Argo CD would remove an object that holds data without the confirmation that its stage asks for (confirmPrune).",
    why: "The cluster gives a PersistentVolumeClaim, PersistentVolume, Namespace or StatefulSet the options that make Argo CD ask, but only where it has none: any other value than Git's would be drift. And what is a hook or has Force=true is deleted by a sync and made again, which Argo CD never asks about.",
    fix: "Add Prune=confirm,Delete=confirm to its options; Prune=false or Prune=true say that another thing is meant. Make no hook of it, and do not force it.",
    severity: "error",
  },
  residency: {
    title: "What runs in a region gets an image from, or sends to, a place that the region does not list.",
    why: "Logs, metrics and traces carry what users do, and a registry knows what runs where: `residency` in the region's file says which places may.",
    fix: "Set a place of the region in gitops/{addons,apps}/<component>/regions/<region>.yaml, or add the place to the region's file.",
    severity: "error",
  },
  "foreign-image": {
    title: "An app runs an image that is not of its team's repositories.",
    why: "The file of a team says by `repositories` whose images its apps run. One from elsewhere was built and scanned by nobody the team knows.",
    fix: "Use an image of a repository of the team, or add the repository to gitops/teams/<team>.yaml.",
    severity: "error",
  },
  "image-without-digest": {
    title: "A stage that wants digests runs an image that is named by a tag.",
    why: "Whoever may write to the registry can put another image under a tag; a digest is the image itself.",
    fix: "Run `onebranch pins --resolve`: it writes the digests of pins. For a third-party chart set the digest in its values, as that chart wants it. `imageDigests` of the stage says whether this is an error (deny) or a warning (warn) for apps, `addonImageDigests` for add-ons.",
    severity: "error",
  },
  "unknown-hook": {
    title: "Neither Argo CD nor Helm knows a hook, for example because it is misspelt.",
    why: "Argo CD takes it for a hook without a phase and never applies it. Helm silently leaves it out.",
    fix: "Spell it as Argo CD does: PreSync, Sync, PostSync, SyncFail, Skip, PreDelete or PostDelete.",
    severity: "error",
  },
  "unsupported-hook": {
    title: "A chart has a Helm hook that Argo CD never runs: pre-rollback or post-rollback.",
    why: "What the chart expects at a roll-back does not happen. Helm tests do not run either, but nothing relies on them.",
    fix: "Use a hook that Argo CD knows, such as argocd.argoproj.io/hook: PreSync, or do by hand what the hook would.",
    severity: "warning",
  },
  "autoscaled-replicas": {
    title: "A manifest sets `replicas`, which an autoscaler sets too.",
    why: "Argo CD sets the number back at each sync (with selfHeal at once), and the autoscaler changes it again: pods come and go.",
    fix: "Leave `replicas` out where the autoscaler is on, or let Argo CD ignore the field (ignoreDifferences and RespectIgnoreDifferences=true).",
    severity: "warning",
  },
  "pod-security": {
    title: "A namespace refuses the pods that an Application makes in it.",
    why: "The API server takes the Deployment, and refuses each of its pods by the level of Pod Security that the namespace enforces. Argo CD shows the Application as progressing, then as degraded.",
    fix: "Set the security context of the pods, or give the namespace another level.",
    severity: "error",
  },
  "project-resource": {
    title: "An AppProject does not allow a resource that an Application makes.",
    why: "Argo CD refuses the whole sync of the Application.",
    fix: "Make the resource elsewhere: cluster-scoped kinds, quotas and limits are for add-ons.",
    severity: "error",
  },
  "kubernetes-schema": {
    title:
      "A manifest does not fit the API of its cluster's Kubernetes version, or the definition of its custom resource.",
    why: "The API server refuses it, and the sync of its Application stops there.",
    fix: "Correct the field in the template, or the value that it prints. A custom resource is compared with the definition that an Application of its cluster installs; one whose definition comes from elsewhere is listed as not evaluated.",
    severity: "error",
  },
  "refused-name": {
    title: "A manifest has a name, a label or a key that Kubernetes refuses.",
    why: "The API server refuses the object, and the sync of its Application stops there. Names are DNS names, of one label for some kinds; a label value has at most 63 characters, without `+` or spaces.",
    fix: 'Correct the value that the template prints, for example `{{ .Chart.AppVersion | replace "+" "_" | trunc 63 }}`.',
    severity: "error",
  },
  "too-large": {
    title: "A manifest is too large for Kubernetes.",
    why: "A ConfigMap or Secret may have 1 MiB of data, an object 256 KiB of annotations and 1.5 MiB in etcd. Client-side apply keeps a copy of the manifest in an annotation.",
    fix: "Split the object, or leave something out. Use ServerSideApply=true where only the copy is too large.",
    severity: "error",
  },
  "removed-api": {
    title: "A manifest uses an API that its cluster's Kubernetes version does not serve.",
    why: "The API server does not know the kind, and the sync of its Application stops there.",
    fix: "Use the API that took its place.",
    severity: "error",
  },
  "deprecated-api": {
    title: "A manifest uses an API that is deprecated in its cluster's Kubernetes version.",
    why: "It works until the cluster is upgraded to the version that drops it.",
    fix: "Use the API that takes its place.",
    severity: "warning",
  },
} satisfies Record<string, RuleText>;
