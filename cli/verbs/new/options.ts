export type NewKind = "app" | "addon" | "team" | "cluster" | "stage" | "exception";

/** Which options each kind of new thing takes, besides those of every verb. */
export const optionsOf: Readonly<Record<NewKind, readonly string[]>> = {
  app: ["team", "image", "chart", "kustomize", "version", "namespace", "requires", "set"],
  addon: ["version", "repo", "chart", "kustomize", "image", "namespace", "requires", "set"],
  team: ["description", "reviewer", "group", "namespace", "slack", "email"],
  cluster: ["stage", "ring", "region", "provider", "kubernetes-version", "domain"],
  stage: ["after", "approver"],
  exception: ["cluster", "set", "pin", "version", "tag", "owner", "reason", "ticket", "expires"],
};
