import { argoCdManager, trackingId } from "../../../model/argocd";
import type { Cluster } from "./cluster";

interface Governing {
  kind: string;
  metadata: Record<string, unknown> & { name: string };
}

/** What controls Argo CD. */
const kinds = [
  ...["configmaps", "secrets", "appprojects.argoproj.io", "applicationsets.argoproj.io", "namespaces"],
  ...["roles", "rolebindings", "clusterroles", "clusterrolebindings"].map(
    (kind) => `${kind}.rbac.authorization.k8s.io`,
  ),
  "customresourcedefinitions.apiextensions.k8s.io",
  ...["policies", "policybindings"].flatMap((kind) =>
    ["validating", "mutating"].map((verb) => `${verb}admission${kind}.admissionregistration.k8s.io`),
  ),
];

/** Every object that controls Argo CD, by kind and name, as far as somebody decides what it says. */
export function governing(cluster: Cluster): Record<string, object> {
  const all = cluster.list(kinds.join(",")) as unknown as Governing[];
  const near = all.filter(({ kind, metadata: { name, namespace } }) => {
    if (namespace !== undefined) return namespace === "argocd" && !/^sh\.helm|^kube-root-ca/.test(name);
    return kind === "Namespace" ? name === "argocd" : /argocd|argoproj|^onebranch-/.test(name);
  });
  return Object.fromEntries(
    near.map(({ kind, metadata, ...object }) => {
      const { labels, annotations, ownerReferences, finalizers } = metadata;
      const { status, data, ...rest } = object as { status?: unknown; data?: Record<string, unknown> };
      void status;
      const said = { ...rest, ...(data && { data: lasting(data) }) };
      return [`${kind} ${metadata.name}`, { labels, annotations, ownerReferences, finalizers, ...said }];
    }),
  );
}

/** Without what Argo CD makes at random again: passwords and the key of its sessions. */
function lasting(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      key,
      /^(admin\.|server\.secretkey|password)/.test(key) ? "random" : value,
    ]),
  );
}

/** Changes as Argo CD makes them, with the marks that it leaves. */
export function changeAll(cluster: Cluster): void {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const tracked = { annotations: { [trackingId]: "gone:/ConfigMap:argocd/x" }, labels: { theirs: "yes" } };
  const everything = { group: "*", kind: "*" };
  const changes: [string, string, object][] = [
    [
      "configmap",
      "argocd-cm",
      { data: { "users.anonymous.enabled": "true", "kustomize.buildOptions": "--enable-exec" } },
    ],
    ["configmap", "argocd-rbac-cm", { data: { "policy.default": "role:admin", scopes: null } }],
    ["configmap", "argocd-cmd-params-cm", { data: { "server.insecure": "true" } }],
    ["secret", "argocd-secret", { data: { "webhook.github.secret": base64("known"), "webhook.gitlab.secret": null } }],
    ["secret", "repository", { data: { url: base64("https://evil.example.com"), insecure: base64("true") } }],
    ["secret", "in-cluster", { metadata: { labels: { stage: "prod" } }, data: { server: base64("https://evil") } }],
    ["appproject", "bootstrap", { spec: { sourceRepos: ["*"], clusterResourceWhitelist: [everything] } }],
    ["applicationset", "root", { spec: { template: { spec: { project: "default" } } } }],
    ["namespace", "argocd", { metadata: { labels: { "pod-security.kubernetes.io/enforce": "privileged" } } }],
    ["validatingadmissionpolicy", "onebranch-identity", { spec: { failurePolicy: "Ignore" } }],
    ["validatingadmissionpolicy", "onebranch-boundary", { spec: { matchConditions: [never] } }],
    ["validatingadmissionpolicybinding", "onebranch-identity", { spec: { matchResources: nowhere } }],
    ["validatingadmissionpolicybinding", "onebranch-boundary", { spec: { validationActions: ["Warn"] } }],
    ["validatingadmissionpolicy", "onebranch-namespaces", { spec: { validations: [always] } }],
    ["validatingadmissionpolicybinding", "onebranch-namespaces", { spec: { validationActions: ["Audit"] } }],
  ];
  for (const [kind, name, change] of changes) {
    for (const part of [{ metadata: tracked }, change]) patch(cluster, kind, name, "merge", part);
  }
  const description = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/description";
  patch(cluster, "customresourcedefinition", "appprojects.argoproj.io", "json", [
    { op: "add", path: `${description}/default`, value: "open" },
  ]);
}

const always = { expression: "true" };
const never = { name: "never", expression: "false" };
const nowhere = { namespaceSelector: { matchLabels: { no: "such" } } };

function patch(cluster: Cluster, kind: string, name: string, type: "merge" | "json", body: object): void {
  const where = ["--namespace", "argocd", "--field-manager", argoCdManager];
  cluster.kubectl("patch", kind, name, ...where, "--type", type, "--patch", JSON.stringify(body));
}

const policies = ["onebranch-identity", "onebranch-boundary", "onebranch-namespaces"];

/** As Argo CD does when the commit that changed them is taken back. */
export function deleteAll(cluster: Cluster): void {
  const remove = (...objects: string[]) =>
    cluster.kubectl("delete", ...objects, "--namespace", "argocd", "--cascade=orphan", "--wait=false");
  remove("validatingadmissionpolicybinding,validatingadmissionpolicy", ...policies);
  remove("configmap", "argocd-cm", "argocd-rbac-cm", "argocd-cmd-params-cm");
  remove("secret", "argocd-secret", "repository", "in-cluster");
  remove("applicationset", "root");
  remove("appproject", "bootstrap");
}

/** How `status` calls the policies that are missing or changed. */
export const policyNames = ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"].flatMap((kind) =>
  policies.map((name) => `${kind} ${name}`),
);
