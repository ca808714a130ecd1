import type { RuleText } from "./text";

/** What is wrong with the Applications that the tree makes, and the sets that make them. */
export const applicationRules = {
  "namespace-collision": {
    title: "Components of different owners share a namespace in one cluster.",
    why: "Their Secrets, quotas and policies mix: a person who may read one may read the other. Components of one team may share, and so may add-ons, which are the platform's.",
    fix: "Give one of them another namespace.",
    severity: "error",
  },
  "duplicate-application": {
    title: "Two components would become Applications of the same name in one cluster.",
    why: "Argo CD refuses the whole ApplicationSet that makes both, or two sets fight for the Application.",
    fix: "Give one of the components another name.",
    severity: "error",
  },
  "broken-set": {
    title: "The controller cannot evaluate an ApplicationSet, or its generators read something else than the tree.",
    why: "Where the controller cannot, no Application of the set is made, changed or removed any more, whatever its component. What comes from another repository, another revision or a service, such as a pin, reaches clusters without a commit here, and no rule sees it.",
    fix: "Mend what the controller reports. Usually one pin is not YAML. Generators read the repository and revision that the cluster follows.",
    severity: "error",
  },
  "empty-set": {
    title: "An ApplicationSet makes nothing in a cluster.",
    why: "A generator that finds nothing is not an error to Argo CD. The usual cause is a renamed directory or label.",
    fix: "Mend the generator or its selector, or remove the set. Where it is meant to be empty, excuse it.",
    severity: "warning",
  },
  "refused-application": {
    title: "The controller, or the admission policy of the cluster, refuses an Application.",
    why: "It is never created, or never changed again. The only sign is an error in the status of its set.",
    fix: "Mend what the message says: a name twice in a set, a project that does not exist, a bad destination, a value file of another stage, region or cluster.",
    severity: "error",
  },
  "misspelt-value-file": {
    title:
      "An ApplicationSet lists a value file that no Application has, and does not read files with almost the same name.",
    why: "Missing value files are allowed, so a misspelt path in a template takes a whole layer away from every cluster.",
    fix: "Write the path in the template as the files are named.",
    severity: "error",
  },
  "project-destination": {
    title: "An AppProject does not allow the namespace or the repository of an Application.",
    why: "Argo CD refuses to sync the Application, in every cluster of the stage.",
    fix: "Use a namespace and repository that the project lists, or add them: the namespaces of a team in gitops/teams/<team>.yaml, everything else in gitops/bootstrap/values.yaml.",
    severity: "error",
  },
  "mass-removal": {
    title:
      "One change removes more from a production cluster than --max-removals (Applications, default 1) or --max-object-removals (objects, default 3) allows.",
    why: "A wrong selector or a moved directory looks like this, and production would lose everything in one commit.",
    fix: "Remove components one at a time, or allow the number. Counted for each cluster of the last stage: Applications that no set makes any more (they are deleted, or left behind where applicationsSync keeps them), and objects that Argo CD deletes without asking: those that it prunes from Applications that stay, and those that go with their Application.",
    severity: "error",
  },
} satisfies Record<string, RuleText>;
