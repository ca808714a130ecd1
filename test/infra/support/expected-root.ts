import {
  identityResources,
  inside,
  later,
  policyResources,
  recordedKubeconfig,
  resource,
  type Expectation,
} from "./expected";
import type { Registered } from "./record";

/** The Secrets, the project and the ApplicationSet that make Argo CD follow the tree. */
function rootResources(expectation: Expectation, argoCd: string): Registered[] {
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
            { name: "domain", value: "{{.metadata.annotations.domain}}", forceString: true },
            { name: "capabilities", value: "{{.metadata.annotations.capabilities}}" },
            { name: "pollSeconds", value: "{{.metadata.annotations.pollSeconds}}" },
            {
              name: "knownCapabilities",
              value: "{base,nodes,storage,loadbalancer,dns,monitoring,gateway,aws-load-balancer,signatures}",
            },
            { name: "commit", value: "$ARGOCD_APP_REVISION", forceString: true },
          ],
        },
      },
      destination: { server: "https://kubernetes.default.svc", namespace: "argocd" },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        retry: { limit: 50, refresh: true, backoff: { duration: "2s", factor: 2, maxDuration: "20s" } },
        syncOptions: ["ServerSideApply=true"],
      },
    },
  },
};

/**
 * The identity, the root, and what looks at their objects in every run.
 * @param chart what the official chart needs around it, if Argo CD comes from it
 */
export function governingResources(
  expectation: Expectation,
  argoCd: string,
  chart: readonly Registered[] = [],
): Registered[] {
  const resources = [
    ...identityResources(expectation, argoCd),
    ...rootResources(expectation, argoCd),
    ...secretResources(expectation),
  ];
  return [...resources, restoration(expectation, [...resources, ...chart], chart.length > 0)];
}

/** The place of the stack's secrets, and who may read them there. */
function secretResources(expectation: Expectation): Registered[] {
  const metadata = { name: "stage-secrets", namespace: "onebranch-secrets" };
  const rbac = "rbac.authorization.k8s.io";
  const within = inside(expectation, ["secrets-namespace"]);
  return [
    resource("kubernetes:core/v1:Namespace", "secrets-namespace", {
      ...inside(expectation),
      inputs: { apiVersion: "v1", kind: "Namespace", metadata: { name: "onebranch-secrets" } },
    }),
    resource("kubernetes:core/v1:Secret", "stage-secrets", {
      ...within,
      inputs: { apiVersion: "v1", kind: "Secret", metadata },
      secretOutputs: ["data", "stringData"],
    }),
    resource("kubernetes:core/v1:ServiceAccount", "stage-secrets-reader", {
      ...within,
      inputs: { apiVersion: "v1", kind: "ServiceAccount", metadata, automountServiceAccountToken: false },
    }),
    resource(`kubernetes:${rbac}/v1:Role`, "stage-secrets-role", {
      ...within,
      inputs: {
        apiVersion: `${rbac}/v1`,
        kind: "Role",
        metadata,
        rules: [{ apiGroups: [""], resources: ["secrets"], resourceNames: ["stage-secrets"], verbs: ["get"] }],
      },
    }),
    resource(`kubernetes:${rbac}/v1:RoleBinding`, "stage-secrets-binding", {
      ...within,
      inputs: {
        apiVersion: `${rbac}/v1`,
        kind: "RoleBinding",
        metadata,
        roleRef: { apiGroup: rbac, kind: "Role", name: "stage-secrets" },
        subjects: [{ kind: "ServiceAccount", name: "stage-secrets", namespace: "onebranch-secrets" }],
      },
    }),
  ];
}

function restoration(expectation: Expectation, resources: readonly Registered[], isChart: boolean): Registered {
  const names = [
    ...[
      "identity-policy",
      "identity-binding",
      "boundary-policy",
      "boundary-binding",
      "namespaces-policy",
      "namespaces-binding",
    ],
    ...["in-cluster", "repository", "bootstrap-project", "root"],
    ...["secrets-namespace", "stage-secrets", "stage-secrets-reader", "stage-secrets-role", "stage-secrets-binding"],
    ...["argocd-namespace", "argocd-redis", "argocd-secret", "argocd-gitconfig"],
  ];
  const passwords = isChart ? ["redis-password", "webhook-secret"] : [];
  const { dependsOn = [], deletedWith = "" } = inside(expectation, [...policyResources, ...passwords, "root"]);
  const objects = names.flatMap((name) => resources.find((one) => one.name === name)?.inputs ?? []);
  return resource("pulumi-nodejs:onebranch:Restoration", "restoration", {
    dependsOn,
    deletedWith,
    inputs: {
      kubeconfig: later(expectation, recordedKubeconfig),
      objects: isChart ? later(expectation, objects) : objects,
      ...(isChart && { release: { name: "argocd", namespace: "argocd" } }),
    },
    secrets: ["kubeconfig", "objects"],
  });
}
