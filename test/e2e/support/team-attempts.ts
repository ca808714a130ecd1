/** What people of a team try, and what refuses them. The team is commerce, whose namespace is orders. */
export const rbac = "rbac.authorization.k8s.io";
export const subject = { kind: "Group", name: "commerce", apiGroup: rbac };
export const toAdmin = { apiGroup: rbac, kind: "ClusterRole", name: "cluster-admin" };
export const everything = [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }];

/** An object in a namespace, cluster-scoped without one. */
export const object = (apiVersion: string, kind: string, name: string, namespace?: string, more: object = {}) => ({
  ...{ apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } },
  ...more,
});

/** A pod that fits the level restricted, with one thing changed. */
function pod(name: string, spec: object, container: object = {}): object {
  const securityContext = {
    ...{ allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: { drop: ["ALL"] } },
    seccompProfile: { type: "RuntimeDefault" },
  };
  const containers = [{ name: "a", image: "registry.example.com/a:1", securityContext, ...container }];
  return object("v1", "Pod", name, "orders", { spec: { containers, ...spec } });
}

export const privileged = pod("privileged", {}, { securityContext: { privileged: true } });
export const hostPath = pod("host-path", { volumes: [{ name: "node", hostPath: { path: "/" } }] });

/** What lets a team change its own Namespace, with the level of Pod Security. */
export const lifting = [
  object(`${rbac}/v1`, "RoleBinding", "lifting", "orders", { roleRef: toAdmin, subjects: [subject] }),
  object(`${rbac}/v1`, "Role", "lifting", "orders", {
    rules: [{ apiGroups: [""], resources: ["namespaces"], verbs: ["patch"] }],
  }),
];

/** What nobody of it may see, with the arguments of kubectl. */
export const looks: [string, string[], RegExp][] = [
  [
    "into the Secrets of another team",
    ["get", "secrets", "-n", "guestbook"],
    /cannot list resource "secrets" .* in the namespace "guestbook"/,
  ],
  [
    "into the Secrets of argocd",
    ["get", "secrets", "-n", "argocd"],
    /cannot list resource "secrets" .* in the namespace "argocd"/,
  ],
  [
    "into the secrets of the stack",
    ["get", "secrets", "-n", "onebranch-secrets"],
    /cannot list .* in the namespace "onebranch-secrets"/,
  ],
  [
    "into kube-system",
    ["get", "pods", "-n", "kube-system"],
    /cannot list resource "pods" .* in the namespace "kube-system"/,
  ],
  ["at the Applications", ["get", "applications.argoproj.io", "-n", "argocd"], /cannot list resource "applications"/],
  ["at all namespaces", ["get", "namespaces"], /cannot list resource "namespaces" .* at the cluster scope/],
];

/** What its administrators may not make. */
export const makes: [string, object, RegExp][] = [
  [
    "a ConfigMap of another team",
    object("v1", "ConfigMap", "a", "guestbook"),
    /cannot create resource "configmaps" .* in the namespace "guestbook"/,
  ],
  [
    "an Application",
    object("argoproj.io/v1alpha1", "Application", "a", "argocd", { spec: { project: "platform", destination: {} } }),
    /cannot create resource "applications"/,
  ],
  ["a Namespace", object("v1", "Namespace", "a"), /cannot create resource "namespaces" .* at the cluster scope/],
  [
    "a ClusterRole",
    object(`${rbac}/v1`, "ClusterRole", "a", undefined, { rules: everything }),
    /cannot create resource "clusterroles"/,
  ],
  [
    "a ResourceQuota",
    object("v1", "ResourceQuota", "a", "orders", { spec: { hard: { pods: "99" } } }),
    /cannot create resource "resourcequotas"/,
  ],
  [
    "a Role that may do everything",
    object(`${rbac}/v1`, "Role", "a", "orders", { rules: everything }),
    /is attempting to grant RBAC permissions not currently held/,
  ],
  [
    "a RoleBinding to cluster-admin",
    object(`${rbac}/v1`, "RoleBinding", "a", "orders", { roleRef: toAdmin, subjects: [subject] }),
    /is attempting to grant RBAC permissions not currently held/,
  ],
  ["a privileged pod", privileged, /violates PodSecurity "restricted:latest": privileged/],
  [
    "a pod that mounts the node",
    hostPath,
    /violates PodSecurity "restricted:latest": restricted volume types \(volume "node" uses restricted volume type "hostPath"\)/,
  ],
];
