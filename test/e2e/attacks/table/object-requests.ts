import type { RequestAttempt } from "../request";
import { byBoundary } from "./parts";

const controller = "system:serviceaccount:argocd:argocd-application-controller";
const argo = "/apis/argoproj.io/v1alpha1/namespaces/argocd";

/** What the application controller, which may do everything, must not do: the objects that keep the cluster to its identity. */
function byController(
  id: string,
  title: string,
  method: RequestAttempt["method"],
  path: string,
  body?: object,
): RequestAttempt {
  return {
    ...{
      id,
      title: `Argo CD's application controller ${title}`,
      who: "Argo CD",
      how: "request",
      as: controller,
      method,
      path,
    },
    ...(body && { body }),
    ...{ stop: "boundary policy", says: byBoundary },
  };
}

const requests: RequestAttempt[] = [
  byController("52b", "changes the project bootstrap", "PATCH", `${argo}/appprojects/bootstrap`, {
    spec: { sourceRepos: ["*"] },
  }),
  byController("52c", "deletes the project bootstrap", "DELETE", `${argo}/appprojects/bootstrap`),
  byController("52d", "changes the root ApplicationSet", "PATCH", `${argo}/applicationsets/root`, {
    spec: { goTemplate: false },
  }),
  byController("52e", "deletes the root ApplicationSet", "DELETE", `${argo}/applicationsets/root`),
  byController("54b", "changes argocd-cm", "PATCH", "/api/v1/namespaces/argocd/configmaps/argocd-cm", {
    data: { a: "b" },
  }),
  byController("54c", "deletes argocd-cm", "DELETE", "/api/v1/namespaces/argocd/configmaps/argocd-cm"),
  byController("54d", "changes the login of the cluster", "PATCH", "/api/v1/namespaces/argocd/secrets/in-cluster", {
    metadata: { labels: { stage: "prod" } },
  }),
  byController("54e", "changes the login of the repository", "PATCH", "/api/v1/namespaces/argocd/secrets/repository", {
    stringData: { url: "https://evil.example/tree.git" },
  }),
  byController(
    "57a",
    "changes the definition of Applications",
    "PATCH",
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/applications.argoproj.io",
    { metadata: { labels: { evil: "yes" } } },
  ),
  byController("61a", "deletes the Namespace argocd", "DELETE", "/api/v1/namespaces/argocd"),
  byController("54h", "deletes the Namespace of the stack's secrets", "DELETE", "/api/v1/namespaces/onebranch-secrets"),
  byController(
    "54i",
    "changes the secrets of the stack",
    "PATCH",
    "/api/v1/namespaces/onebranch-secrets/secrets/stage-secrets",
    { stringData: { "orders-db": "evil" } },
  ),
  {
    ...{ id: "64a", title: "an administrator changes the identity", who: "platform", how: "request", method: "PATCH" },
    path: "/api/v1/namespaces/kube-system/configmaps/cluster-identity",
    ...{ body: { data: { stage: "prod" } }, stop: "API", says: /immutable/ },
  },
];

/** What RBAC refuses somebody: a verb and a resource for each id. */
function mayNot(who: { login: string } | { user: string }, wanted: Record<string, string>): RequestAttempt[] {
  return Object.entries(wanted).map(([id, text]) => {
    const [verb, resource = ""] = text.split(" ");
    const [name, group = ""] = resource.split(/\.(.*)/);
    const asked = "login" in who ? who : { namespace: who.user.split(":")[2] };
    const review = {
      apiVersion: "authorization.k8s.io/v1",
      kind: "login" in who ? "SelfSubjectAccessReview" : "SubjectAccessReview",
    };
    const subject = "user" in who && { user: who.user, groups: ["system:serviceaccounts", "system:authenticated"] };
    const namespace = "namespace" in asked && { namespace: asked.namespace };
    return {
      ...{ id, how: "request", method: "POST", stop: "RBAC", who: "login" in who ? "Argo CD" : "tenant" },
      title: `may ${"login" in who ? who.login : who.user.split(":").slice(-2).join("/")} ${text}`,
      path: `/apis/authorization.k8s.io/v1/${review.kind.toLowerCase()}s`,
      body: { ...review, spec: { ...subject, resourceAttributes: { verb, resource: name, group, ...namespace } } },
      ...("login" in who && who),
    };
  });
}

const rbac = [
  ...mayNot(
    { login: "argocd-server" },
    {
      "66": "create clusterrolebindings.rbac.authorization.k8s.io",
      "66a": "update validatingadmissionpolicybindings.admissionregistration.k8s.io",
      "66b": "create secrets",
    },
  ),
  ...mayNot(
    { login: "argocd-applicationset-controller" },
    {
      "66c": "delete validatingadmissionpolicybindings.admissionregistration.k8s.io",
      "66d": "create clusterrolebindings.rbac.authorization.k8s.io",
      "66e": "update configmaps",
    },
  ),
  ...mayNot(
    { user: "system:serviceaccount:orders:default" },
    {
      "67": "get secrets",
      "67a": "create deployments.apps",
      "67b": "create applications.argoproj.io",
      "67c": "get applications.argoproj.io",
      "67d": "delete validatingadmissionpolicies.admissionregistration.k8s.io",
      "67e": "create namespaces",
    },
  ),
];

/** The same objects by requests, and what RBAC gives to Argo CD and to tenants. */
export const objectRequests = [...requests, ...rbac];
