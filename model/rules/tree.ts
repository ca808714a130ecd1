import type { RuleText } from "./text";

/** What is wrong with layers, pins and exceptions. */
export const treeRules = {
  "unexpected-file": {
    title: "A file or directory is where nothing reads it.",
    why: "A misspelt values.yaml or stages/ is not an error to Argo CD: the file is silently left out.",
    fix: "Rename it to the name that was meant, or move it out of gitops.",
    severity: "error",
  },
  "lfs-pointer": {
    title: "A file of the tree is kept in Git LFS.",
    why: "Argo CD does not fetch from Git LFS here: charts and values get the three lines of the pointer in place of the file.",
    fix: "Commit the file itself, or keep large data out of the tree.",
    severity: "error",
  },
  "boolean-key": {
    title: "A key without quotes is a boolean to Helm and Argo CD: y, n, yes, no, on, off.",
    why: "They read YAML 1.1, in which such a key becomes true or false. A template that asks for the key finds nothing.",
    fix: "Write the key in quotes.",
    severity: "error",
  },
  "unknown-layer": {
    title: "A layer is named after a stage, ring, region or component that does not exist.",
    why: "Missing value files are allowed, so a layer with a misspelt name is silently left out everywhere.",
    fix: "Rename it after the stage, ring, region or component that was meant, or add that one first.",
    severity: "error",
  },
  "unread-values": {
    title: "No Application reads a values file or a cluster's pin.",
    why: "People who edit the file expect a cluster to change, and nothing happens.",
    fix: "Pin the component where the file should have an effect, or remove the file.",
    severity: "error",
  },
  "empty-values": {
    title: "A values file of production sets nothing.",
    why: "An empty file is not an error: a lost or half-saved file silently takes production back to the defaults.",
    fix: "Write what production needs, or remove the file.",
    severity: "error",
  },
  "values-removed": {
    title: "A values file that production had is gone, while its pin stays.",
    why: "A missing layer is not an error: production falls back to the values below it, down to the chart's defaults, and what only the file asked for is pruned. A warning where the pin changes too, or where the file is of a ring without a pin: a version or a trial that is taken back looks like this.",
    fix: "Keep the file, or set its keys in another layer. Where production is to go on without them, excuse it on the pin until it is merged.",
    severity: "error",
  },
  "unknown-team": {
    title:
      "The pin of an app names a team that the tree does not have, a cluster's pin names one at all, or a team has a name that none can have.",
    why: "The team is the AppProject that limits the app. As platform an app could make anything, cluster-admin included; a project that does not exist stops the app.",
    fix: "Name a team that has a file in gitops/teams (in a tree without that directory: a key of teams in gitops/bootstrap/values.yaml), or add it: onebranch new team <team>.",
    severity: "error",
  },
  "team-collision": {
    title: "Two teams, or a team and the platform, have the same namespace; or a group may change what two teams have.",
    why: "Who owns a namespace sets its quota and its rights, and reads its Secrets. A group that works for two teams takes the limits between them away.",
    fix: "Keep the namespace in one file, and give each team groups of its own.",
    severity: "error",
  },
  "stale-owners": {
    title:
      "The lines of CODEOWNERS that onebranch writes are not what the files of the teams and the pins of the apps say.",
    why: "Changes of an app would be reviewed by another team than its own, or by nobody.",
    fix: "Run onebranch owners --write.",
    severity: "error",
  },
  "missing-chart": {
    title: "A pin names a chart, or a version of one, that is not in gitops/charts.",
    why: "Argo CD cannot render the component in any cluster of the stage.",
    fix: "Name a chart and version that exist, or name the chart's repository with `repo`.",
    severity: "error",
  },
  "missing-base": {
    title:
      "A pin with kustomize names a version of the base, or a stage without an overlay, or bootstrap makes no such Applications.",
    why: "Argo CD cannot build the component in any cluster of the stage.",
    fix: "Name a version that exists, add the overlay of the stage, and switch kustomize on in gitops/bootstrap/values.yaml.",
    severity: "error",
  },
  "pin-order": {
    title: "A stage is ahead of the stage before it, or has a component that an earlier stage lacks.",
    why: "Production would be the first stage to run an untested version.",
    fix: "Promote through the stages in their order: onebranch promote <component> --to <stage>.",
    severity: "error",
  },
  "ring-order": {
    title: "A ring is ahead of the ring before it, or the last ring has files of its own.",
    why: "A version would reach many clusters that the few before them have not tried. What all rings have is the stage's own.",
    fix: "Promote through the rings in their order: onebranch promote <component> --to <stage>.",
    severity: "error",
  },
  "repeated-ring-file": {
    title: "A file of a ring says what the stage says anyway.",
    why: "Files of a ring are there only while something is on its way. One that changes nothing hides the next change of the stage.",
    fix: "Remove the file.",
    severity: "error",
  },
  "stale-ring-file": {
    title: "A file of a ring is older than what the stage has.",
    why: "The ring would go back to the old version, or keep an old value while the rest of the stage gets the new one.",
    fix: "Remove the file of the ring, or bring it up to the stage.",
    severity: "error",
  },
  "partial-ring-pin": {
    title: "The pin of a ring lacks a key that the stage's pin has.",
    why: "The pin of a ring lies over the stage's: what it lacks is still read from there. A tag in the stage's pin would stay beside a digest in the ring's, and the ring would change once more when its pin becomes the stage's.",
    fix: "Write every key of the stage's pin. Change the form of a pin, such as from a tag to a digest, in the stage itself.",
    severity: "error",
  },
  "unsatisfied-capability": {
    title: "A pin requires a capability that no cluster of its stage has.",
    why: "The component is pinned, reviewed and promoted, and never deployed anywhere.",
    fix: "Require what a cluster of the stage can do, give the capability to a cluster, or remove the pin. A pin that is meant to wait says for what: # onebranch-ignore unsatisfied-capability: ...",
    severity: "error",
  },
  "impossible-capability": {
    title: "A cluster declares a capability that its provider cannot give.",
    why: "What requires the capability is never deployed to this cluster, although its file says otherwise.",
    fix: "Remove the capability, or change the provider.",
    severity: "error",
  },
  "unsupported-confirmation": {
    title:
      "A stage wants Argo CD to ask before it removes data (confirmPrune), and the Kubernetes of one of its clusters cannot.",
    why: "There Argo CD removes volumes, Namespaces and StatefulSets without a question. `up` warns of it too.",
    fix: "Raise kubernetesVersion of the cluster.",
    severity: "warning",
  },
  "mixed-versions": {
    title: "Charts that are published together have different versions in one cluster.",
    why: "They are made for one another: the parts of Istio speak protocols that are tested for one version of all of them.",
    fix: "Raise, promote or hold them together, in one commit.",
    severity: "error",
  },
  "missing-fact": {
    title: "A pin gives its chart a fact that a cluster of its stage lacks.",
    why: "A cluster without rings has no `ring`, and one whose cluster.yaml names no account no `account`. bootstrap makes no Application with a value that is missing: in this cluster it stays as it is.",
    fix: "Give the cluster the fact, or the chart another one.",
    severity: "error",
  },
  "hidden-drift": {
    title: "A pin hides too much from Argo CD.",
    why: "What `ignoreDifferences` names is neither compared nor written back. A whole spec, rights, or what the API server asks of webhooks could be changed in a cluster, and nobody would see it.",
    fix: "Name the one field that a controller changes.",
    severity: "error",
  },
  "missing-exception": {
    title: "A cluster has values or a pin of its own without an entry in its exceptions.yaml.",
    why: "A cluster that differs from its stage needs a reason, an owner and an end, or it differs forever.",
    fix: "Add the entry (onebranch new exception), or move the difference to the stage or region.",
    severity: "error",
  },
  "uncovered-key": {
    title: "A cluster's values file sets a key that its exception does not name.",
    why: "The reason, owner and end of an exception hold for the keys it names and for nothing else.",
    fix: "Add the key to the exception, or remove it from the values file.",
    severity: "error",
  },
  "expired-exception": {
    title: "An exception is past its last day.",
    why: "The difference was agreed on only until then.",
    fix: "Remove the cluster's own values or pin with the entry, or agree on a new day.",
    severity: "error",
  },
  "unused-exception": {
    title: "An exception excuses nothing.",
    why: "A list of exceptions is read only as long as it is true.",
    fix: "Remove the entry or the key. Where the component or key is misspelt, correct it.",
    severity: "error",
  },
  "ownerless-exception": {
    title: "The owner of an exception is a placeholder, or a team that does not exist.",
    why: "When the exception ends or does harm, no person can be asked. An entry without any owner is refused as missing-key.",
    fix: "Name the team (team-<name>, with the name of a team of the tree, or team-platform) or the person who answers for it.",
    severity: "error",
  },
} satisfies Record<string, RuleText>;
