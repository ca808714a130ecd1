import type { Rule, RuleText } from "../rule";

/**
 * What reading the files finds: the model reports these with their ids, and `up` refuses most of them too. Here they are only
 * explained, so they have no check and no comment excuses them.
 */
const texts: readonly RuleText[] = [
  {
    id: "yaml-syntax",
    title: "A file is no valid YAML, or holds a second document.",
    why: "Argo CD reads nothing of it, and every cluster stays where it was.",
    fix: "Correct the syntax at the line.",
  },
  {
    id: "duplicate-key",
    title: "A key stands twice in one mapping.",
    why: "One of the two wins silently, and which one depends on the reader.",
    fix: "Keep it once.",
  },
  {
    id: "unknown-key",
    title: "A file of ours has a key that nothing reads.",
    why: "A misspelt key changes nothing and looks as if it did.",
    fix: "Use the name that is offered, or remove the key.",
  },
  {
    id: "reserved-key",
    title: "A pin has a key that the generators use themselves.",
    why: "The key would replace a parameter of Argo CD's own, such as the cluster's name or server.",
    fix: "Give the key another name.",
  },
  {
    id: "missing-key",
    title: "A file of ours lacks a key that it must have.",
    why: "The ApplicationSets stop at a missing key, for all components of the set.",
    fix: "Add the key.",
  },
  {
    id: "missing-file",
    title: "A directory of a cluster has no cluster.yaml.",
    why: "A cluster without identity gets nothing from the tree.",
    fix: "Add cluster.yaml, or remove the directory.",
  },
  {
    id: "wrong-type",
    title: "A value is text where a number is expected, a list where a mapping is expected, and so on.",
    why: "Helm and the ApplicationSets would read something else than what is meant.",
    fix: "Write the kind of value that is named.",
  },
  {
    id: "wrong-value",
    title: "A value is not one of those that may stand there.",
    why: "It would fail later, in a cluster.",
    fix: "Use one of the values that are named.",
  },
  {
    id: "bad-name",
    title: "A name is no DNS label, or too long for a Helm release.",
    why: "Names become namespaces, labels and parts of paths, which take nothing else.",
    fix: "Use the name that is offered.",
  },
  {
    id: "directory-name",
    title: "The name inside a file is not that of its directory or file.",
    why: "Half of the tools go by the path and half by the content.",
    fix: "Make both the same.",
  },
  {
    id: "duplicate-entry",
    title: "An entry stands twice in a list.",
    why: "One of them is never read.",
    fix: "Keep it once.",
  },
  {
    id: "duplicate-cluster",
    title: "Two clusters have the same name.",
    why: "They would take each other's identity.",
    fix: "Name each cluster as its directory.",
  },
  {
    id: "unknown-stage",
    title: "A cluster names a stage that does not exist.",
    why: "The cluster would get no pins at all.",
    fix: "Use a stage that exists, or add its file.",
  },
  {
    id: "unknown-region",
    title: "A cluster names a region that does not exist.",
    why: "The cluster would lack the values and the rules of its region.",
    fix: "Use a region that exists, or add its file.",
  },
  {
    id: "unknown-provider",
    title: "A cluster names a provider that does not exist.",
    why: "Nothing can make the cluster.",
    fix: "Use a provider that is named.",
  },
  {
    id: "unknown-capability",
    title: "A cluster or a pin names a capability that does not exist.",
    why: "A pin that requires it would never be deployed.",
    fix: "Use a capability that is named.",
  },
  {
    id: "kubernetes-version",
    title: "A cluster names a Kubernetes version that is not supported.",
    why: "Argo CD, the add-ons or the provider do not run there.",
    fix: "Use a version that is named.",
  },
  {
    id: "stage-order",
    title: "The orders of the stages are not 1, 2, 3 and so on.",
    why: "Nobody could say from where to promote.",
    fix: "Number the stages without a gap.",
  },
  {
    id: "missing-compliance",
    title: "A cluster lacks a compliance label of its region.",
    why: "It would run outside the rules that hold where it stands.",
    fix: "Add the label to cluster.yaml.",
  },
  {
    id: "bad-link",
    title: "A symbolic link leads out of the tree, nowhere or back to itself.",
    why: "Argo CD refuses a repository with such a link, or reads a file that nobody reviewed.",
    fix: "Put the file itself there.",
  },
  {
    id: "unreadable-file",
    title: "A file is larger than 1 MiB, no UTF-8 text, or cannot be read.",
    why: "Argo CD's readers stop at it, with every Application that needs it.",
    fix: "Keep the tree to text that people write.",
  },
];

export const faultRules: readonly Rule[] = texts.map((text) => ({ ...text, severity: "error", excusable: false }));

/** What is wrong with the comments that excuse findings; found after all rules. */
export const ignoreRules: readonly Rule[] = [
  {
    id: "bad-ignore",
    title:
      "A comment onebranch-ignore names no rule, an unknown one or one that cannot be excused, or gives no reason.",
    why: "An exception that nobody can judge is a hole.",
    fix: "Write # onebranch-ignore <rule>: <reason> on the line of the finding or on the line above.",
    severity: "error",
    excusable: false,
  },
  {
    id: "unused-ignore",
    title: "A comment onebranch-ignore excuses nothing.",
    why: "It would excuse the next fault that comes to its line.",
    fix: "Remove the comment.",
    severity: "warning",
    excusable: false,
  },
];
