import type { RuleText } from "./text";

/** What is wrong with the manifests that Applications render. */
export const manifestRules = {
  "render-failure": {
    title: "An Application does not render.",
    why: "Argo CD keeps what runs and applies nothing new until the chart renders again.",
    fix: "Mend the values or the chart as the renderer says. A chart that is not at hand is listed as not evaluated.",
    severity: "error",
  },
  "shared-resource": {
    title: "Two Applications of one cluster make the same resource.",
    why: "They overwrite each other for ever, and removing one of them deletes what the other needs.",
    fix: "Let one of them make it, or give it two names.",
    severity: "error",
  },
  "repeated-resource": {
    title: "One Application makes the same resource more than once.",
    why: "Argo CD applies only the last one and warns of it (RepeatedResourceWarning): what the other templates say is lost.",
    fix: "Let one template make it, or give it two names.",
    severity: "warning",
  },
  "unknown-hook": {
    title: "A hook is one that neither Argo CD nor Helm knows, such as a misspelt one.",
    why: "Argo CD takes it for a hook of no phase and never applies it; Helm leaves it out without a word.",
    fix: "Spell it as Argo CD does: PreSync, Sync, PostSync, SyncFail, Skip, or PostDelete alone.",
    severity: "error",
  },
  "unsupported-hook": {
    title: "A hook of Helm is one that Argo CD never runs: pre-delete, pre-rollback or post-rollback.",
    why: "What the chart relies on at a deletion or a roll-back does not happen. Tests of Helm do not run either, but nothing relies on them.",
    fix: "Use a hook that Argo CD knows, such as argocd.argoproj.io/hook: PostDelete, or do by hand what the hook would.",
    severity: "warning",
  },
  "autoscaled-replicas": {
    title: "A manifest sets `replicas`, which an autoscaler sets too.",
    why: "Argo CD puts the number back at each sync, with selfHeal at once, and the autoscaler changes it again: pods come and go.",
    fix: "Leave `replicas` out where the autoscaler is on, or let Argo CD ignore the field (ignoreDifferences and RespectIgnoreDifferences=true).",
    severity: "warning",
  },
  "project-resource": {
    title: "An AppProject does not allow a resource that an Application makes.",
    why: "Argo CD refuses the sync as a whole, with everything else of the Application.",
    fix: "Make the resource elsewhere: cluster-scoped kinds, quotas and limits are for add-ons.",
    severity: "error",
  },
  "kubernetes-schema": {
    title:
      "A manifest does not fit the API of its cluster's Kubernetes version, or the definition of its custom resource.",
    why: "The API server refuses it, and the sync of its Application stops there.",
    fix: "Correct the field in the template, or the value that it prints. A custom resource is held against the definition that an Application of its cluster brings; one that comes from elsewhere is listed as not evaluated.",
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
    why: "It works until the cluster is raised to the version that drops it.",
    fix: "Use the API that takes its place.",
    severity: "warning",
  },
} satisfies Record<string, RuleText>;
