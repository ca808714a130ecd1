import { accountTokenType, tokenAccount } from "../argocd/annotations";
import { bootstrapProject } from "../root";
import { writesForGit } from "./boundary";
import { rightsResources, rightsRules, rightsVariables } from "./rights";
import { annotationOf, makerOf, type Rule } from "./policy";

/** Name of the policy and of its binding; every refusal quotes it. */
export const namespacesName = "onebranch-namespaces";

const isToken = `object.kind == 'Secret' && has(object.type) && object.type == '${accountTokenType}'`;

const rules = {
  // Whoever owns a namespace deletes it, with all that is in it, when its Application goes.
  owner: {
    expression: `object.kind != 'Namespace' || request.operation == 'CREATE' || ${makerOf("object")} == '${bootstrapProject}' || ${makerOf("oldObject")} in ['', ${makerOf("object")}]`,
    message: "a namespace that another Application makes stays with that one",
  },
  // Argo CD does not remove a token: it goes with its account. The account `default` is in each namespace, and no Application makes it.
  token: {
    expression: `!(${isToken}) || !(${annotationOf("object", tokenAccount)} in ['', 'default'])`,
    message:
      "a token of the service account default stays when its Application goes: make a service account in the chart, and a token of that one",
  },
  ...rightsRules,
} satisfies Record<string, Rule>;

/** Each rule's message, as the API server quotes it. */
export const namespacesMessages = Object.fromEntries(
  Object.entries(rules).map(([rule, { message }]) => [rule, message]),
) as Readonly<Record<keyof typeof rules, string>>;

const every = { apiGroups: [""], apiVersions: ["v1"] };

/** The spec of the policy that keeps a namespace, and who may act in it, with the Application that makes it. */
export const namespacesSpec = {
  failurePolicy: "Fail",
  matchConstraints: {
    namespaceSelector: {},
    objectSelector: {},
    resourceRules: [
      { ...every, operations: ["CREATE"], resources: ["secrets"], scope: "Namespaced" },
      { ...every, operations: ["UPDATE"], resources: ["namespaces"], scope: "Cluster" },
      rightsResources,
    ],
  },
  matchConditions: [writesForGit],
  variables: rightsVariables,
  validations: Object.values(rules).map(({ expression, message }) => ({ expression, message })),
};
