import type { CommitAttempt } from "../attempt";
import type { Stop } from "../request";
import { byBoundary, byProject, clusterAdmin, configMap, emptyBinding, inDev } from "./parts";

/** An add-on of dev, or a template of bootstrap, that makes one object. */
function makes(id: string, title: string, object: object, more: Partial<CommitAttempt>): CommitAttempt {
  return {
    ...{ id, title: `an add-on makes ${title}`, who: "platform", how: "commit" },
    change: (tree) => tree.addon(`a${id}`, { template: object }),
    ...{ check: [], plan: [`changes a${id} in dev`], ...more },
  };
}

function bootstraps(id: string, title: string, object: object | string, more: Partial<CommitAttempt>): CommitAttempt {
  return {
    ...{ id, title: `bootstrap makes ${title}`, who: "platform", how: "commit" },
    change: (tree) => inDev(tree, `a${id}`, object),
    ...{ check: [], plan: ["changes bootstrap in dev"], ...more },
  };
}

const refused = (id: string) => ({
  check: ["project-resource" as const],
  cluster: { stop: "project" as const, at: `Application a${id}`, says: byProject },
});
/** What only Pulumi may write: check and plan say it alike. */
const crossed = { check: ["boundary-crossed"], plan: ["boundary-crossed"] };
const crosses = (id: string) => ({ ...crossed, cluster: guarded(`a${id}`) });
const guarded = (application: string) => ({
  stop: "boundary policy" as const,
  at: `Application ${application}`,
  says: byBoundary,
});

/** Argo CD says why it may not change an object that is there at its first comparison only, and then calls it Synced. */
const kept = (stop: Stop, object: string, field: string, is: string) => ({ stop, shows: [{ object, field, is }] });

const registration = "admissionregistration.k8s.io/v1";
const policy = {
  ...{ apiVersion: registration, kind: "ValidatingAdmissionPolicy", metadata: { name: "onebranch-identity" } },
  spec: {
    matchConstraints: {
      resourceRules: [{ apiGroups: ["x"], apiVersions: ["*"], operations: ["CREATE"], resources: ["x"] }],
    },
    validations: [{ expression: "true" }],
  },
};
const mutation = [
  {
    ...{ apiVersion: "admissionregistration.k8s.io/v1", kind: "MutatingAdmissionPolicy", metadata: { name: "a58" } },
    spec: {
      matchConstraints: {
        resourceRules: [
          { apiGroups: ["argoproj.io"], apiVersions: ["*"], operations: ["CREATE"], resources: ["applications"] },
        ],
      },
      reinvocationPolicy: "Never",
      mutations: [{ patchType: "JSONPatch", jsonPatch: { expression: "[]" } }],
    },
  },
  {
    ...{ apiVersion: "admissionregistration.k8s.io/v1", kind: "MutatingAdmissionPolicyBinding" },
    ...{ metadata: { name: "a58" }, spec: { policyName: "a58" } },
  },
];
const webhooks = (kind: string, name: string) => ({
  ...{ apiVersion: registration, kind, metadata: { name } },
  webhooks: [
    {
      ...{ name: "evil.example.com", admissionReviewVersions: ["v1"], sideEffects: "None", failurePolicy: "Ignore" },
      clientConfig: { url: "https://127.0.0.1:9/evil" },
      rules: [
        {
          apiGroups: ["argoproj.io"],
          apiVersions: ["*"],
          operations: ["CREATE", "UPDATE"],
          resources: ["applications"],
        },
      ],
    },
  ],
});
/** Argo CD's own definition, with a default that changes every stored Application when it is read. */
const applications = {
  ...{ apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" },
  metadata: { name: "applications.argoproj.io" },
  spec: {
    ...{ group: "argoproj.io", scope: "Namespaced" },
    names: { kind: "Application", listKind: "ApplicationList", plural: "applications", singular: "application" },
    versions: [
      {
        ...{ name: "v1alpha1", served: true, storage: true },
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
};
const project = (name: string, spec: object) => ({
  ...{ apiVersion: "argoproj.io/v1alpha1", kind: "AppProject", metadata: { name, namespace: "argocd" } },
  spec,
});
const server = "https://kubernetes.default.svc";
const everything = [{ group: "*", kind: "*" }];
const settings = configMap(
  "argocd-cm",
  { "users.anonymous.enabled": "true", "kustomize.buildOptions": "--enable-alpha-plugins --enable-exec" },
  "argocd",
);
const rights = configMap("argocd-rbac-cm", { "policy.default": "role:admin" }, "argocd");
const privileged = {
  ...{ apiVersion: "v1", kind: "Pod", metadata: { name: "a63", namespace: "kube-system" } },
  spec: { hostPID: true, containers: [{ name: "a", image: "busybox:1.36.1", securityContext: { privileged: true } }] },
};

/** Objects that Pulumi owns, and those that keep a cluster to its identity, by commits. */
export const objectCommits: CommitAttempt[] = [
  makes("49", "the identity policy", policy, refused("49")),
  makes("49a", "the binding of the identity policy", emptyBinding, refused("49a")),
  makes(
    "50",
    "the binding of the identity policy in a List",
    { apiVersion: "v1", kind: "List", items: [emptyBinding] },
    refused("50"),
  ),
  {
    ...{ id: "51", who: "platform", how: "commit" },
    title: "the project platform loses its blacklist, then an add-on makes the binding",
    change: [
      (tree) => tree.edit("gitops/bootstrap/templates/projects.yaml", / {2}clusterResourceBlacklist:\n( {4}.*\n)+/, ""),
      (tree) => tree.addon("a51", { template: emptyBinding }),
    ],
    ...crossed,
    cluster: { alone: true, ...guarded("bootstrap") },
  },
  bootstraps(
    "52",
    "its own project, which allows everything",
    project("bootstrap", {
      sourceRepos: ["*"],
      destinations: [{ server: "*", namespace: "*" }],
      clusterResourceWhitelist: everything,
    }),
    { ...crossed, cluster: guarded("bootstrap") },
  ),
  bootstraps(
    "52a",
    "a project that may deploy into Argo CD's namespace",
    project("a52a", { sourceRepos: ["*"], destinations: [{ server, namespace: "argocd" }] }),
    { ...crossed, cluster: guarded("bootstrap") },
  ),
  bootstraps("53", "the binding of the identity policy", emptyBinding, {
    ...crossed,
    cluster: { stop: "project", at: "Application bootstrap", says: byProject },
  }),
  bootstraps(
    "54",
    "settings of Argo CD: everybody is an administrator",
    `${JSON.stringify(settings)}\n---\n${JSON.stringify(rights)}\n`,
    {
      ...crossed,
      cluster: {
        ...{ stop: "project", at: "Application bootstrap", says: byProject },
        shows: [{ object: "ConfigMap argocd/argocd-cm", field: "data.users\\.anonymous\\.enabled", is: null }],
      },
    },
  ),
  bootstraps(
    "54a",
    "the login of the tree's repository",
    configMap("argocd-ssh-known-hosts-cm", { ssh_known_hosts: "" }, "argocd"),
    {
      ...crossed,
      cluster: { stop: "project", at: "Application bootstrap", says: byProject },
    },
  ),
  {
    ...{ id: "55", who: "platform", how: "commit", title: "bootstrap lets Kustomize run programs, and a set uses it" },
    change: (tree) => {
      inDev(tree, "a55-settings", settings);
      tree.write("gitops/kustomize/a55/kustomization.yaml", { generators: ["exec.yaml"] });
      tree.write("gitops/kustomize/a55/exec.yaml", {
        ...{ apiVersion: "v1", kind: "Evil" },
        metadata: { name: "a", annotations: { "config.kubernetes.io/function": "exec:\n  path: ./run.sh\n" } },
      });
      tree.write("gitops/kustomize/a55/run.sh", "#!/bin/sh\ntouch /tmp/onebranch-a55\n");
    },
    check: ["boundary-crossed", "unexpected-file"],
    plan: ["boundary-crossed"],
    cluster: { stop: "project", at: "Application bootstrap", says: byProject },
  },
  bootstraps(
    "56",
    "settings of Argo CD's processes",
    configMap("argocd-cmd-params-cm", { "server.disable.auth": "true" }, "argocd"),
    {
      ...crossed,
      cluster: { stop: "project", at: "Application bootstrap", says: byProject },
    },
  ),
  makes("57", "Argo CD's definition of Applications, with a default", applications, {
    ...crossed,
    cluster: { ...guarded("a57"), alone: true },
  }),
  makes("58", "a policy that changes Applications", { apiVersion: "v1", kind: "List", items: mutation }, refused("58")),
  makes("59", "a webhook that changes Applications", webhooks("MutatingWebhookConfiguration", "a59"), crosses("59")),
  makes(
    "59a",
    "a webhook that refuses Applications",
    webhooks("ValidatingWebhookConfiguration", "a59a"),
    crosses("59a"),
  ),
  makes(
    "60",
    "an API beside Argo CD's",
    {
      ...{ apiVersion: "apiregistration.k8s.io/v1", kind: "APIService", metadata: { name: "v1alpha2.argoproj.io" } },
      spec: {
        ...{ group: "argoproj.io", version: "v1alpha2", groupPriorityMinimum: 100, versionPriority: 100 },
        ...{ service: { name: "evil", namespace: "kube-system" }, insecureSkipTLSVerify: true },
      },
    },
    crosses("60"),
  ),
  makes(
    "61",
    "the Namespace argocd",
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "argocd", labels: { evil: "label" } } },
    {
      ...crossed,
      cluster: kept("boundary policy", "Namespace /argocd", "metadata.labels.evil", ""),
    },
  ),
  makes(
    "62",
    "the Namespace of a team, privileged",
    {
      ...{ apiVersion: "v1", kind: "Namespace" },
      metadata: { name: "orders", labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
    },
    {
      check: ["shared-resource"],
      cluster: kept(
        "namespaces policy",
        "Namespace /orders",
        "metadata.labels.pod-security\\.kubernetes\\.io/enforce",
        "restricted",
      ),
      said: "taken over, it would be deleted with all that is in it when the add-on goes; check names both owners",
    },
  ),
  {
    ...{
      id: "63",
      who: "platform",
      how: "commit",
      title: "an add-on makes itself cluster-admin, with a privileged Pod",
    },
    change: (tree) =>
      tree.addon("a63", {
        template: {
          ...{ apiVersion: "v1", kind: "List" },
          items: [
            clusterAdmin("a63", { kind: "ServiceAccount", name: "default", namespace: "kube-system" }),
            privileged,
          ],
        },
        pin: { namespace: "kube-system" },
      }),
    check: [],
    plan: ["rbac-cluster-admin"],
    said: "add-ons are the platform's, and may have any right in the cluster; the plan says so",
  },
  makes(
    "64",
    "the ConfigMap with the identity of another cluster",
    configMap("cluster-identity", { stage: "prod" }, "kube-system"),
    {
      cluster: kept("API", "ConfigMap kube-system/cluster-identity", "data.stage", "dev"),
    },
  ),
  makes(
    "65",
    "the Secret of Argo CD",
    { apiVersion: "v1", kind: "Secret", metadata: { name: "argocd-secret", namespace: "argocd" } },
    {
      check: ["project-resource"],
      cluster: { stop: "project", at: "Application a65", says: byProject },
    },
  ),
];
