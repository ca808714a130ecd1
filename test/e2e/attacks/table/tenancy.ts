import type { CommitAttempt } from "../attempt";
import { byProject, clusterAdmin, configMap } from "./parts";

const pinOf = (app: string) => `gitops/apps/${app}/stages/dev/pin.yaml`;
const byProjectIn = (id: string) => ({ stop: "project" as const, at: `Application a${id}`, says: byProject });

const byNamespaces = (id: string) => ({
  ...{ stop: "namespaces policy" as const, at: `Application a${id}` },
  says: /ValidatingAdmissionPolicy 'onebranch-namespaces'/,
});

/** An app of the team commerce, whose namespace is orders, makes one object. */
function makes(id: string, title: string, object: object, more: Partial<CommitAttempt> = {}): CommitAttempt {
  return {
    ...{ id, title: `an app makes ${title}`, who: "team", how: "commit" },
    change: (tree) => tree.app(`a${id}`, { template: object }),
    ...{ check: ["project-resource"], plan: [`changes a${id} in dev`], cluster: byProjectIn(id), ...more },
  };
}

function deploys(id: string, namespace: string): CommitAttempt {
  return {
    ...{ id, title: `an app deploys into the namespace ${namespace}`, who: "team", how: "commit" },
    change: (tree) => tree.app(`a${id}`, { template: configMap(`a${id}`, {}), pin: { namespace } }),
    ...{ check: ["project-destination"], plan: [`changes a${id} in dev`], cluster: byProjectIn(id) },
  };
}

const rbac = "rbac.authorization.k8s.io/v1";
const subject = { kind: "Group", name: "system:authenticated", apiGroup: "rbac.authorization.k8s.io" };
const binding = (name: string, namespace: string) => ({
  ...{ apiVersion: rbac, kind: "RoleBinding", metadata: { name, namespace } },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
  subjects: [subject],
});
const role = (name: string, rule: object) => ({
  ...{ apiVersion: rbac, kind: "Role", metadata: { name, namespace: "orders" } },
  rules: [rule],
});
const accountWithToken = `apiVersion: v1
kind: ServiceAccount
metadata:
  name: a74b
---
apiVersion: v1
kind: Secret
type: kubernetes.io/service-account-token
metadata:
  name: a74b
  annotations:
    kubernetes.io/service-account.name: a74b
`;
const rule = [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }];

/** What one team can do to another, and to the platform. */
export const tenancy: CommitAttempt[] = [
  deploys("69", "guestbook"),
  deploys("69a", "argocd"),
  deploys("69b", "kube-system"),
  makes("70", "a RoleBinding in the namespace of another team", binding("a70", "guestbook")),
  makes("70a", "a ConfigMap in the namespace of another team", configMap("a70a", {}, "guestbook")),
  makes("71", "a Namespace", { apiVersion: "v1", kind: "Namespace", metadata: { name: "a71" } }),
  makes("71a", "a ClusterRole", { apiVersion: rbac, kind: "ClusterRole", metadata: { name: "a71a" }, rules: rule }),
  makes(
    "71b",
    "a ClusterRoleBinding",
    clusterAdmin("a71b", { kind: "ServiceAccount", name: "default", namespace: "orders" }),
  ),
  makes("71c", "a definition of a kind", {
    ...{
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "as.example.com" },
    },
    spec: {
      ...{ group: "example.com", scope: "Namespaced", names: { plural: "as", kind: "A" } },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
    },
  }),
  makes("72", "a ResourceQuota", {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "a72" },
    spec: { hard: { pods: "99" } },
  }),
  makes("72a", "a LimitRange", {
    apiVersion: "v1",
    kind: "LimitRange",
    metadata: { name: "a72a" },
    spec: { limits: [] },
  }),
  makes(
    "73",
    "a privileged Pod",
    {
      ...{ apiVersion: "v1", kind: "Pod", metadata: { name: "a73" } },
      spec: {
        hostPID: true,
        containers: [{ name: "a", image: "busybox:1.36.1", securityContext: { privileged: true } }],
      },
    },
    {
      check: ["pod-security"],
      cluster: { stop: "API", at: "Application a73", says: /violates PodSecurity/ },
    },
  ),
  makes("74", "a RoleBinding to cluster-admin in its own namespace", binding("a74", "orders"), {
    ...{ check: ["boundary-crossed"], plan: ["boundary-crossed", "rbac-cluster-admin"], cluster: byNamespaces("74") },
  }),
  makes(
    "74a",
    "a token of the account default, which no Application makes",
    {
      ...{ apiVersion: "v1", kind: "Secret", type: "kubernetes.io/service-account-token" },
      metadata: { name: "a74a", annotations: { "kubernetes.io/service-account.name": "default" } },
    },
    {
      ...{ check: ["outliving-token"], cluster: byNamespaces("74a") },
    },
  ),
  {
    ...{ id: "74b", title: "an app makes a service account and a token of it", who: "team", how: "commit" },
    change: (tree) => tree.app("a74b", { template: accountWithToken }),
    ...{ check: [], plan: ["changes a74b in dev"] },
    cluster: { stop: "nothing", shows: [{ object: "Secret orders/a74b", field: "data.token", is: /./ }] },
    said: "the token goes with the account, and the account with its Application",
  },
  makes(
    "74c",
    "a Role that may change the labels of its own Namespace",
    role("a74c", { apiGroups: [""], resources: ["namespaces"], verbs: ["get", "patch"] }),
    { check: ["boundary-crossed"], plan: ["boundary-crossed", "rbac-wider"], cluster: byNamespaces("74c") },
  ),
  makes(
    "74d",
    "a Role that may do everything in its own namespace",
    role("a74d", { apiGroups: ["*"], resources: ["*"], verbs: ["*"] }),
    { check: ["boundary-crossed"], plan: ["boundary-crossed", "rbac-wildcard"], cluster: byNamespaces("74d") },
  ),
  {
    ...{ id: "75", title: "an app names the team platform", who: "team", how: "commit" },
    change: (tree) =>
      tree.app("a75", {
        template: clusterAdmin("a75", { kind: "ServiceAccount", name: "default", namespace: "guestbook" }),
        pin: { team: "platform", namespace: "kube-system" },
      }),
    check: ["unknown-team"],
    plan: ["refuses a75 in dev"],
    cluster: {
      ...{ stop: "set", at: "ApplicationSet components", says: /team platform is not one of/ },
      shows: [{ object: "ClusterRoleBinding /a75", is: null }],
    },
  },
  {
    ...{ id: "75a", title: "an app names another team", who: "team", how: "commit" },
    change: (tree) => tree.app("a75a", { template: configMap("a75a", {}), pin: { team: "storefront" } }),
    check: ["project-destination"],
    plan: ["changes a75a in dev"],
    cluster: byProjectIn("75a"),
  },
  {
    ...{ id: "75b", title: "an app names another team, with that team's namespace", who: "team", how: "commit" },
    change: (tree) =>
      tree.app("a75b", { template: configMap("a75b", {}), pin: { team: "storefront", namespace: "guestbook" } }),
    check: [],
    plan: ["changes a75b in dev"],
    said: "which team an app belongs to is what its pin says: who may change gitops/apps/<app> is kept by the reviews of the repository",
  },
  {
    ...{ id: "75r", title: "an app goes to another team, with that team's namespace", who: "team", how: "commit" },
    given: (tree) => tree.app("a75r", { template: configMap("a75r", {}) }),
    change: (tree) =>
      tree.edit(pinOf("a75r"), "team: commerce\nnamespace: orders", "team: storefront\nnamespace: guestbook"),
    check: [],
    plan: ["team-changed", "namespace-moved"],
    said: "a team may take an app over; the plan names both",
  },
];
