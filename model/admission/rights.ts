import { platformProject } from "../root";
import { proofName, quoted, type Admission, type Rule } from "./policy";

/** Whose a namespace is; bootstrap writes it. */
const teamLabel = "onebranch.dev/team";

const group = "rbac.authorization.k8s.io";

/** Kubernetes' own roles for what is in a namespace. None of them writes namespaces, quotas or limits. */
const ownRoles = ["view", "edit", "admin"];

/** They lead to rights that a Role does not name. */
const leading = ["bind", "escalate", "impersonate"];

const reading = ["get", "list", "watch"];

/** What limits a team in its own namespace. A request for the Namespace itself counts as one in that namespace. */
const limiting = ["namespaces", "resourcequotas", "limitranges", "roles", "rolebindings"];

/** Whether a rule `r` of a Role has an item `x` in a list that meets a condition. */
const some = (list: string, condition: string) => `(has(r.${list}) && r.${list}.exists(x, ${condition}))`;
const noRule = (condition: string) => `variables.rules.all(r, !(${condition}))`;

/** Who may act in a namespace of a team, as far as its own Applications say so. */
export const rightsRules = {
  binding: {
    expression: `!variables.ofTeam || object.kind != 'RoleBinding' || object.roleRef.kind == 'Role' || object.roleRef.name in ${quoted(ownRoles)}`,
    message: `in a namespace of a team a RoleBinding gives a Role of that namespace, or the ClusterRole ${ownRoles.slice(0, -1).join(", ")} or ${ownRoles.at(-1)}`,
  },
  patterns: {
    expression: noRule(
      `has(r.nonResourceURLs) || ${["verbs", "resources", "apiGroups"].map((list) => some(list, "x.contains('*')")).join(" || ")}`,
    ),
    message:
      "in a namespace of a team a Role names its verbs, resources and API groups in full, without *, and no URLs",
  },
  leading: {
    expression: noRule(some("verbs", `x in ${quoted(leading)}`)),
    message: `in a namespace of a team a Role does not have the verbs ${leading.join(", ")}`,
  },
  limiting: {
    expression: noRule(
      `${some("verbs", `!(x in ${quoted(reading)})`)} && ${some("apiGroups", `x in ${quoted(["", group])}`)} && ${some("resources", `x.split('/')[0] in ${quoted(limiting)}`)}`,
    ),
    message: `in a namespace of a team a Role only reads ${limiting.join(", ")}`,
  },
} satisfies Record<string, Rule>;

const shared = [
  {
    name: "rules",
    expression:
      "variables.ofTeam && object.kind == 'Role' && has(object.rules) && object.rules != null ? object.rules : []",
  },
];

/** The variables of the cluster's policy. The proof comes before the first namespace of a team, so its objects count as in one. */
export const rightsVariables = [
  {
    name: "ofTeam",
    expression: `object.kind in ['Role', 'RoleBinding'] && (object.metadata.name == '${proofName}' || (has(namespaceObject.metadata.labels) && '${teamLabel}' in namespaceObject.metadata.labels && namespaceObject.metadata.labels['${teamLabel}'] != '${platformProject}'))`,
  },
  ...shared,
];

/** What the policy judges. */
export const rightsResources = {
  apiGroups: [group],
  apiVersions: ["v1"],
  operations: ["CREATE", "UPDATE"],
  resources: ["roles", "rolebindings"],
  scope: "Namespaced",
};

/** The rules as the renderer evaluates them, for what is in a namespace of a team. */
export const rights: Admission = {
  variables: [{ name: "ofTeam", expression: "true" }, ...shared],
  rules: Object.values(rightsRules),
};

/** Whether the rules are about a resource that is in a namespace of a team. */
export function givesRights({ apiVersion, kind }: { apiVersion: string; kind: string }): boolean {
  return apiVersion === `${group}/v1` && ["Role", "RoleBinding"].includes(kind);
}
