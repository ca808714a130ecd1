import { createHash } from "node:crypto";
import { policySpec } from "../../../infra/identity/policy";
import type { Registered } from "./record";

/** What the resources of one provider have in common. */
export interface Expectation {
  preview: boolean;
  provider: "embedded" | "kind" | "existing";
  capabilities: string[];
  repoURL: string;
  pollSeconds: string;
  /** Name of the resource that everything inside the cluster goes with; empty: nothing. */
  deletedWith: string;
  /** What the cluster consists of: everything inside waits for it. */
  cluster: string[];
}

/** The kubeconfig that the recorded cluster gives, and what the Kubernetes provider tells clusters apart by. */
export const recordedKubeconfig = JSON.stringify({
  "current-context": "c",
  contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
  clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1", "certificate-authority-data": "Q0E=" } }],
});
export const recordedIdentifier = createHash("sha256").update("Q0E=").digest("hex").slice(0, 16);

export function resource(type: string, name: string, rest: Partial<Registered>): Registered {
  return {
    type,
    name,
    parent: "onebranch-dev",
    provider: "",
    deletedWith: "",
    dependsOn: [],
    inputs: {},
    secrets: [],
    secretOutputs: [],
    options: {},
    ...rest,
  };
}

/** A value that only an `up` knows. */
export function later(expectation: Expectation, value: unknown): unknown {
  return expectation.preview ? "<unknown>" : value;
}

export function inside(expectation: Expectation, dependsOn: string[] = []): Partial<Registered> {
  // Waiting for a resource of ours inside the cluster also waits for the provider it came through.
  return {
    provider: "kubernetes",
    deletedWith: expectation.deletedWith,
    dependsOn: [...expectation.cluster, ...dependsOn].sort(),
  };
}

export function password(name: string): Registered {
  return resource("random:index/randomPassword:RandomPassword", name, {
    inputs: { length: 32, special: false },
    secretOutputs: ["bcryptHash", "result"],
  });
}

export const place = { name: "dev", stage: "dev", region: "us-east-1" };

/** The identity, its policy and its proof. */
export function identityResources(expectation: Expectation, argoCd: string): Registered[] {
  const { dependsOn, deletedWith } = inside(expectation, ["identity-policy", "identity-binding", argoCd]);
  return [
    resource("kubernetes:core/v1:ConfigMap", "cluster-identity", {
      ...inside(expectation),
      inputs: {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "cluster-identity", namespace: "kube-system" },
        immutable: true,
        data: {
          stack: "dev",
          ...place,
          provider: expectation.provider,
          kubernetesVersion: "1.36",
          domain: "dev.us.example.org",
          capabilities: expectation.capabilities.join(","),
          compliance: "",
        },
      },
      options: { deleteBeforeReplace: true, replaceOnChanges: ["data"] },
    }),
    resource("kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy", "identity-policy", {
      ...inside(expectation),
      inputs: {
        apiVersion: "admissionregistration.k8s.io/v1",
        kind: "ValidatingAdmissionPolicy",
        metadata: { name: "onebranch-identity" },
        spec: policySpec(place),
      },
    }),
    resource("kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding", "identity-binding", {
      ...inside(expectation, ["identity-policy"]),
      inputs: {
        apiVersion: "admissionregistration.k8s.io/v1",
        kind: "ValidatingAdmissionPolicyBinding",
        metadata: { name: "onebranch-identity" },
        spec: { policyName: "onebranch-identity", validationActions: ["Deny", "Audit"] },
      },
    }),
    resource("pulumi-nodejs:onebranch:IdentityProof", "identity-proof", {
      dependsOn: dependsOn ?? [],
      deletedWith: deletedWith ?? "",
      inputs: {
        kubeconfig: later(expectation, recordedKubeconfig),
        place,
        policy: createHash("sha256")
          .update(JSON.stringify(policySpec(place)))
          .digest("hex"),
      },
      secrets: ["kubeconfig"],
    }),
  ];
}

/** The Secrets, the project and the ApplicationSet that make Argo CD follow the tree. */
export function rootResources(expectation: Expectation, argoCd: string): Registered[] {
  const { capabilities, provider, repoURL, pollSeconds } = expectation;
  const server = "https://kubernetes.default.svc";
  const after = [argoCd, "identity-proof"];
  return [
    resource("kubernetes:core/v1:Secret", "in-cluster", {
      ...inside(expectation, after),
      inputs: {
        apiVersion: "v1",
        kind: "Secret",
        metadata: {
          name: "in-cluster",
          namespace: "argocd",
          labels: {
            "argocd.argoproj.io/secret-type": "cluster",
            stage: "dev",
            region: "us-east-1",
            provider,
            identity: "dev",
            ...Object.fromEntries(capabilities.map((name) => [`cap-${name}`, "true"])),
          },
          annotations: {
            repoURL,
            revision: "main",
            pollSeconds,
            capabilities: `{${capabilities.join(",")}}`,
            domain: "dev.us.example.org",
          },
        },
        stringData: { name: "dev", server, config: '{"tlsClientConfig":{"insecure":false}}' },
      },
      secrets: ["stringData"],
      secretOutputs: ["data", "stringData"],
    }),
    resource("kubernetes:core/v1:Secret", "repository", {
      ...inside(expectation, after),
      inputs: {
        apiVersion: "v1",
        kind: "Secret",
        metadata: {
          name: "repository",
          namespace: "argocd",
          labels: { "argocd.argoproj.io/secret-type": "repository" },
        },
        stringData: { type: "git", url: repoURL },
      },
      secrets: ["stringData"],
      secretOutputs: ["data", "stringData"],
    }),
    resource("kubernetes:argoproj.io/v1alpha1:AppProject", "bootstrap-project", {
      ...inside(expectation, after),
      inputs: {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "AppProject",
        metadata: { name: "bootstrap", namespace: "argocd" },
        spec: {
          description: "The Application bootstrap and what it may make: projects, ApplicationSets, namespaces",
          sourceRepos: [repoURL],
          destinations: [{ server, namespace: "argocd" }],
          clusterResourceWhitelist: [{ group: "", kind: "Namespace" }],
          namespaceResourceWhitelist: [
            { group: "argoproj.io", kind: "AppProject" },
            { group: "argoproj.io", kind: "ApplicationSet" },
            { group: "", kind: "ConfigMap" },
          ],
        },
      },
    }),
    resource("kubernetes:argoproj.io/v1alpha1:ApplicationSet", "root", {
      ...inside(expectation, [...after, "in-cluster", "repository", "bootstrap-project"]),
      inputs: {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "ApplicationSet",
        metadata: { name: "root", namespace: "argocd" },
        spec: rootSpec,
      },
    }),
  ];
}

/** The root of a stage that may delete Applications. */
export const rootSpec = {
  goTemplate: true,
  goTemplateOptions: ["missingkey=error"],
  syncPolicy: { applicationsSync: "sync", preserveResourcesOnDeletion: false },
  generators: [
    {
      clusters: {
        selector: { matchLabels: { "argocd.argoproj.io/secret-type": "cluster", identity: "dev" } },
      },
    },
  ],
  template: {
    metadata: {
      name: "bootstrap",
      labels: {
        "onebranch.dev/stage": "{{.metadata.labels.stage}}",
        "onebranch.dev/region": "{{.metadata.labels.region}}",
        "onebranch.dev/cluster": "{{.metadata.labels.identity}}",
        "onebranch.dev/component": "bootstrap",
      },
    },
    spec: {
      project: "bootstrap",
      source: {
        repoURL: "{{.metadata.annotations.repoURL}}",
        targetRevision: "{{.metadata.annotations.revision}}",
        path: "gitops/bootstrap",
        helm: {
          valueFiles: [
            "/gitops/clusters/{{.metadata.labels.identity}}/cluster.yaml",
            "/gitops/stages/{{.metadata.labels.stage}}.yaml",
          ],
          parameters: [
            { name: "repoURL", value: "{{.metadata.annotations.repoURL}}", forceString: true },
            { name: "targetRevision", value: "{{.metadata.annotations.revision}}", forceString: true },
            { name: "provider", value: "{{.metadata.labels.provider}}", forceString: true },
            { name: "capabilities", value: "{{.metadata.annotations.capabilities}}" },
            { name: "pollSeconds", value: "{{.metadata.annotations.pollSeconds}}" },
          ],
        },
      },
      destination: { server: "https://kubernetes.default.svc", namespace: "argocd" },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        retry: { limit: -1, refresh: true, backoff: { duration: "2s", factor: 2, maxDuration: "1m" } },
        syncOptions: ["ServerSideApply=true"],
      },
    },
  },
};
