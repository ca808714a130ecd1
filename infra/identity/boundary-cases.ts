import { applicationController, boundaryMessages, boundaryName } from "../../model/admission/boundary";
import { namespacesMessages, namespacesName } from "../../model/admission/namespaces";
import { proofName } from "../../model/admission/policy";
import { accountTokenType, tokenAccount } from "../../model/argocd";
import { argoCdApi, argoCdNamespace, argoCdVersion, inClusterServer } from "../../model/root";
import type { ProofCase } from "./proof-cases";
import { rightsCases } from "./rights-cases";

const project = (spec: object) => ({
  apiVersion: argoCdVersion,
  kind: "AppProject",
  metadata: { name: proofName, namespace: argoCdNamespace },
  spec,
});

/** What the Application controller must not write, one case for each way out of the tree's boundary, and what it may. */
export function boundaryCases(): ProofCase[] {
  const projects = `${argoCdApi}/appprojects`;
  const asController = (title: string, path: string, object: object, refusal?: string): ProofCase => {
    return { title, path, object, as: applicationController, policy: boundaryName, ...(refusal ? { refusal } : {}) };
  };
  const token = {
    ...{ apiVersion: "v1", kind: "Secret", type: accountTokenType },
    metadata: { name: proofName, namespace: "default", annotations: { [tokenAccount]: "default" } },
  };
  return [
    asController(
      "a ConfigMap in Argo CD's namespace, written by Argo CD",
      `/api/v1/namespaces/${argoCdNamespace}/configmaps`,
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: proofName, namespace: argoCdNamespace } },
      boundaryMessages.namespace,
    ),
    asController(
      "an AppProject for every repository, written by Argo CD",
      projects,
      project({ sourceRepos: ["*"] }),
      boundaryMessages.repositories,
    ),
    asController(
      "a webhook that is not listed, written by Argo CD",
      "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
      {
        apiVersion: "admissionregistration.k8s.io/v1",
        kind: "MutatingWebhookConfiguration",
        metadata: { name: proofName },
      },
      boundaryMessages.registrations,
    ),
    {
      ...asController(
        "a token of an account that no Application makes, written by Argo CD",
        "/api/v1/namespaces/default/secrets",
        token,
        namespacesMessages.token,
      ),
      policy: namespacesName,
    },
    asController(
      "an AppProject as the tree makes them",
      projects,
      project({
        sourceRepos: ["https://onebranch.invalid/tree.git"],
        destinations: [{ server: inClusterServer, namespace: proofName }],
      }),
    ),
    ...rightsCases(),
  ];
}
