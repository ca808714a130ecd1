import { accountTokenType, tokenAccount } from "../argocd/annotations";
import { applicationController } from "./boundary";

/** Name of the policy and of its binding; every refusal quotes it. */
export const tokenName = "onebranch-token";

export const tokenMessage =
  "a token of the service account default stays when its Application goes: make a service account in the chart, and a token of that one";

/**
 * The spec of the policy that keeps tokens from outliving what Git says. Argo CD does not remove a token: it goes with its service
 * account. Each namespace has the account `default`, which no Application makes; any other account goes with whoever made it.
 */
export const tokenSpec = {
  failurePolicy: "Fail",
  matchConstraints: {
    namespaceSelector: {},
    objectSelector: {},
    resourceRules: [
      { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["secrets"], scope: "Namespaced" },
    ],
  },
  matchConditions: [
    { name: "writes-for-git", expression: `request.userInfo.username == '${applicationController}'` },
    { name: "is-a-token", expression: `has(object.type) && object.type == '${accountTokenType}'` },
  ],
  validations: [
    {
      expression: `has(object.metadata.annotations) && '${tokenAccount}' in object.metadata.annotations && object.metadata.annotations['${tokenAccount}'] != 'default'`,
      message: tokenMessage,
    },
  ],
};
