import { accountPrefix } from "../../../../model/admission/policy";
import { deletionApproved } from "../../../../model/argocd";
import type { CommitAttempt } from "../attempt";
import type { RequestAttempt } from "../request";
import { bySet } from "./own-set";
import { application, byIdentity, byProject, inDev } from "./parts";

/** A confirmation of every deletion until then. */
const annotations = { [deletionApproved]: "2999-01-01T00:00:00Z" };

/** Only a person confirms that Argo CD may remove what holds data. */
const commits: CommitAttempt[] = [
  bySet("92c", "with a confirmation that its data may go", { annotations }),
  {
    ...{ id: "92d", who: "platform", how: "commit" },
    title: "the set of all apps confirms for each of them that its data may go",
    change: (tree) =>
      tree.edit(
        "gitops/bootstrap/templates/components.yaml",
        /( {4}metadata:\n {6}\{\{- include "bootstrap.applicationMetadata".*\n)/,
        `$1      annotations: ${JSON.stringify(annotations)}\n`,
      ),
    check: ["refused-application"],
    plan: ["refuses orders in prod"],
    cluster: {
      ...{ in: "prod", alone: true, stop: "identity policy", at: "ApplicationSet components", says: byIdentity },
      shows: [
        {
          object: "Application argocd/orders",
          field: "metadata.annotations.argocd\\.argoproj\\.io/deletion-approved",
          is: null,
        },
      ],
    },
  },
  {
    ...{ id: "92e", who: "platform", how: "commit" },
    title: "bootstrap itself makes an Application with a confirmation",
    change: (tree) =>
      inDev(
        tree,
        "a92e",
        JSON.stringify(application("a92e", { annotations })).replace('"HERE"', "{{ .Values.repoURL | quote }}"),
      ),
    check: ["refused-application"],
    plan: ["refuses a92e in dev"],
    cluster: { stop: "project", at: "Application bootstrap", says: byProject },
  },
  {
    ...{
      id: "92f",
      who: "team",
      how: "commit",
      title: "the chart of a team writes a confirmation on another Application",
    },
    change: (tree) =>
      tree.app("a92f", {
        template: {
          ...{ apiVersion: "argoproj.io/v1alpha1", kind: "Application" },
          metadata: { name: "guestbook", namespace: "argocd", annotations },
        },
      }),
    check: ["project-resource"],
    plan: ["changes a92f in dev"],
    cluster: { stop: "project", at: "Application a92f", says: byProject },
  },
];

/** The same annotation, written by somebody. */
function written(id: string, by: string, more: Partial<RequestAttempt>): RequestAttempt {
  return {
    ...{ id, title: `a confirmation, written by ${by}`, who: "Argo CD", how: "request", method: "PATCH" },
    path: "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/guestbook",
    ...{ body: { metadata: { annotations } }, stop: "identity policy", says: byIdentity, ...more },
  };
}

const requests: RequestAttempt[] = [
  ...["argocd-applicationset-controller", "argocd-application-controller"].map((name, i) =>
    written(`92${"gh"[i]}`, name, { as: accountPrefix + name }),
  ),
  written("92i", "an administrator", {
    ...{ who: "platform", stop: "nothing", said: "a person may: that is what Argo CD asks for" },
    says: undefined,
  }),
  written("92k", "argocd-server", {
    ...{ as: `${accountPrefix}argocd-server`, stop: "nothing", said: "it asks for a person who is logged in there" },
    says: undefined,
  }),
];

export const confirmation = { commits, requests };
