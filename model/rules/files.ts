import type { RuleText } from "./text";

/** What reading the files finds. `up` refuses most of it too. */
export const fileRules = {
  "yaml-syntax": {
    title: "A file is not valid YAML, or contains a second document.",
    why: "Argo CD reads nothing of it, and every cluster stays where it was.",
    fix: "Correct the syntax at the line.",
    severity: "error",
  },
  "duplicate-key": {
    title: "A key is twice in one mapping.",
    why: "One of the two wins silently. Which one depends on the program that reads it.",
    fix: "Keep it once.",
    severity: "error",
  },
  "unknown-key": {
    title: "A file of the tree has a key that nothing reads.",
    why: "A misspelt key changes nothing, but looks as if it did.",
    fix: "Use the name that is offered, or remove the key.",
    severity: "error",
  },
  "reserved-key": {
    title: "A pin has a key that the generators use themselves.",
    why: "The key would replace a parameter of Argo CD's own, such as the cluster's name or server.",
    fix: "Give the key another name.",
    severity: "error",
  },
  "missing-key": {
    title: "A file of the tree lacks a key that it must have.",
    why: "The ApplicationSets stop at a missing key, for all components of the set.",
    fix: "Add the key.",
    severity: "error",
  },
  "missing-file": {
    title: "A directory of a cluster has no cluster.yaml.",
    why: "A cluster without identity gets nothing from the tree.",
    fix: "Add cluster.yaml, or remove the directory.",
    severity: "error",
  },
  "wrong-type": {
    title: "A value is text where a number is expected, a list where a mapping is expected, and so on.",
    why: "Helm and the ApplicationSets would read something that is not meant.",
    fix: "Write the kind of value that the message names.",
    severity: "error",
  },
  "wrong-value": {
    title: "A value is not one of the allowed values.",
    why: "It would fail later, in a cluster.",
    fix: "Use one of the values that the message names.",
    severity: "error",
  },
  "bad-name": {
    title: "A name is not a DNS label, or is too long for a Helm release.",
    why: "Names become namespaces, labels and parts of paths, which allow nothing else.",
    fix: "Use the name that is offered.",
    severity: "error",
  },
  "directory-name": {
    title: "The name inside a file differs from the name of its directory or file.",
    why: "Some tools read the path and others the content.",
    fix: "Make both the same.",
    severity: "error",
  },
  "duplicate-entry": {
    title: "An entry is twice in a list.",
    why: "One of them is never read.",
    fix: "Keep it once.",
    severity: "error",
  },
  "duplicate-cluster": {
    title: "Two clusters have the same name.",
    why: "They would take each other's identity.",
    fix: "Give each cluster the name of its directory.",
    severity: "error",
  },
  "unknown-stage": {
    title: "A cluster names a stage that does not exist.",
    why: "The cluster would get no pins at all.",
    fix: "Use a stage that exists, or add its file.",
    severity: "error",
  },
  "unknown-region": {
    title: "A cluster names a region that does not exist.",
    why: "The cluster would lack the values and the rules of its region.",
    fix: "Use a region that exists, or add its file.",
    severity: "error",
  },
  "unknown-provider": {
    title: "A cluster names a provider that does not exist.",
    why: "Nothing can make the cluster.",
    fix: "Use a provider that the message names.",
    severity: "error",
  },
  "unknown-capability": {
    title: "A cluster or a pin names a capability that does not exist.",
    why: "A pin that requires it would never be deployed.",
    fix: "Use a capability that the message names.",
    severity: "error",
  },
  "kubernetes-version": {
    title: "A cluster names a Kubernetes version that is not supported.",
    why: "Argo CD, the add-ons or the provider do not run there.",
    fix: "Use a version that the message names.",
    severity: "error",
  },
  "stage-order": {
    title: "The orders of the stages are not 1, 2, 3 and so on.",
    why: "It would be unclear from which stage to promote.",
    fix: "Number the stages without a gap.",
    severity: "error",
  },
  "missing-compliance": {
    title: "A cluster lacks a compliance label of its region.",
    why: "It would run outside the rules of its region.",
    fix: "Add the label to cluster.yaml.",
    severity: "error",
  },
  "bad-link": {
    title: "A symbolic link leads out of the tree, nowhere, or back to itself.",
    why: "Argo CD refuses a repository with such a link, or reads a file that was never reviewed.",
    fix: "Put the file itself there.",
    severity: "error",
  },
  "unreadable-file": {
    title: "A file is larger than 1 MiB, is not UTF-8 text, or cannot be read.",
    why: "Argo CD cannot read it either, and every Application that needs it fails.",
    fix: "Keep only text that people write in the tree.",
    severity: "error",
  },
} satisfies Record<string, RuleText>;
