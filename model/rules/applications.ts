import type { RuleText } from "./text";

/** What is wrong with the Applications that the tree makes, and the sets that make them. */
export const applicationRules = {
  "namespace-collision": {
    title: "Components of different owners share a namespace in one cluster.",
    why: "Their Secrets, quotas and policies mix: who may read one may read the other. One team's components may share.",
    fix: "Give one of them another namespace.",
    severity: "error",
  },
  "duplicate-application": {
    title: "Two components would become Applications of one name in a cluster.",
    why: "Argo CD refuses the whole ApplicationSet that makes both, or two sets fight for the Application.",
    fix: "Give one of the components another name.",
    severity: "error",
  },
  "broken-set": {
    title: "The controller cannot evaluate an ApplicationSet.",
    why: "Nothing of the set is made, changed or removed any more, for all of its components.",
    fix: "Mend what the controller reports; usually a key that one pin lacks.",
    severity: "error",
  },
  "empty-set": {
    title: "An ApplicationSet makes nothing in a cluster.",
    why: "A generator that finds nothing is no error to Argo CD, and the likely end of a renamed directory or label.",
    fix: "Mend the generator or its selector, or remove the set. Where it is meant to be empty, excuse it.",
    severity: "warning",
  },
  "refused-application": {
    title: "The controller, or the admission policy of the cluster, refuses an Application.",
    why: "It is never written, or never changed again; its set reports an error that nobody looks at.",
    fix: "Mend what the message says: a name twice in a set, a project that does not exist, a bad destination, a value file of another stage, region or cluster.",
    severity: "error",
  },
  "misspelt-value-file": {
    title: "An ApplicationSet lists a value file that no Application has, and files of nearly that name are not read.",
    why: "Missing value files are allowed, so a misspelt path in a template takes a whole layer away from every cluster.",
    fix: "Write the path in the template as the files are named.",
    severity: "error",
  },
  "project-destination": {
    title: "An AppProject does not allow the namespace or the repository of an Application.",
    why: "Argo CD refuses to sync the Application, in every cluster of the stage.",
    fix: "Use a namespace and repository that the project lists, or add them in gitops/bootstrap/values.yaml.",
    severity: "error",
  },
  "mass-removal": {
    title: "One change takes more Applications from a cluster of production than --max-removals allows (default 1).",
    why: "A wrong selector or a moved directory looks like this, and production would lose everything in one commit.",
    fix: "Remove components one at a time, or allow the number with --max-removals. Counted for each cluster of the last stage are Applications that no set makes any more (deleted, or left behind where applicationsSync keeps them) and those that keep none of their resources.",
    severity: "error",
  },
} satisfies Record<string, RuleText>;
