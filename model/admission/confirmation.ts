import { deletionApproved, syncOptions, trackingId, waitsForConfirmation } from "../argocd/annotations";
import { askingOptions, confirmedKinds } from "../argocd/confirmation";
import { annotationOf, fromGit, type Rule } from "./policy";

const approvalOf = (holder: string) => annotationOf(holder, deletionApproved);

const keepsApproval = `${approvalOf("object")} in ['', ${approvalOf("oldObject")}]`;

/** Whether an update gives an Application another confirmation than it had. */
export const confirms = `!(${keepsApproval})`;

/** Who confirms that Argo CD may remove what holds data: a commit could do it for a time that is still to come. */
export const confirmationRules = {
  confirmation: {
    expression: `!${fromGit} || (request.operation == 'CREATE' ? ${approvalOf("object")} == '' : ${keepsApproval})`,
    message: `a person confirms a deletion, never a commit: the annotation ${deletionApproved} does not come from Git`,
  },
} satisfies Record<string, Rule>;

/**
 * The spec of the policy that makes Argo CD ask before it removes an object that holds data. It changes only objects of Argo CD,
 * and none with sync options of its own: those are in Git, so any other value would be drift.
 */
export const askingPolicy = {
  name: "onebranch-confirm-prune",
  spec: {
    failurePolicy: "Fail",
    reinvocationPolicy: "Never",
    matchConstraints: {
      resourceRules: [...new Set(confirmedKinds.map(({ group }) => group))].map((group) => ({
        apiGroups: [group],
        apiVersions: ["v1"],
        operations: ["CREATE", "UPDATE"],
        resources: confirmedKinds.filter((one) => one.group === group).map(({ resource }) => resource),
      })),
    },
    matchConditions: [
      {
        name: "argo-cd-tracks-it-and-it-has-no-sync-options",
        expression: `has(object.metadata.annotations) && '${trackingId}' in object.metadata.annotations && !('${syncOptions}' in object.metadata.annotations)`,
      },
    ],
    mutations: [patch("add", `"/metadata/annotations/" + jsonpatch.escapeKey("${syncOptions}")`, askingOptions)],
  },
};

const operation = "object.status.operationState";

const revisions = (of: string) =>
  `(has(${of}.revisions) ? ${of}.revisions : [has(${of}.revision) ? ${of}.revision : ''])`;

/**
 * The spec of the policy that ends a sync that waits for a confirmation as soon as Argo CD has seen another commit. Argo CD itself
 * would wait on, sync nothing else, and remove the object at a late confirmation although it may be in Git again. This is what
 * its API does when somebody terminates a sync.
 */
export const waitingPolicy = {
  name: "onebranch-end-waiting",
  spec: {
    failurePolicy: "Fail",
    reinvocationPolicy: "Never",
    matchConstraints: {
      resourceRules: [
        { apiGroups: ["argoproj.io"], apiVersions: ["*"], operations: ["UPDATE"], resources: ["applications"] },
      ],
    },
    matchConditions: [
      {
        name: "waits-for-a-confirmation",
        expression: `has(object.status) && has(${operation}) && ${operation}.phase == 'Running' && has(${operation}.message) && ${operation}.message.lowerAscii().startsWith('${waitsForConfirmation}')`,
      },
      {
        name: "another-commit",
        expression: `has(object.status.sync) && has(${operation}.syncResult) && ${revisions("object.status.sync")} != ${revisions(`${operation}.syncResult`)}`,
      },
    ],
    mutations: [patch("replace", '"/status/operationState/phase"', "Terminating")],
  },
};

/** @param path an expression */
function patch(op: "add" | "replace", path: string, value: string) {
  return {
    patchType: "JSONPatch",
    jsonPatch: { expression: `[JSONPatch{op: "${op}", path: ${path}, value: "${value}"}]` },
  };
}
