import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { insideOptions, type ClusterHandle } from "../cluster/handle";
import type { Settings } from "../config";
import { bootstrapParameters, inClusterServer } from "../identity/policy";
import { argoCdNamespace } from "./settings";

/** Makes Argo CD follow the tree: its own cluster's facts, the repository, and the one ApplicationSet everything grows from. */
export function seedRoot(settings: Settings, cluster: ClusterHandle, after: pulumi.Resource[]): pulumi.Resource {
  const { repository, stage } = settings;
  const inside = insideOptions(cluster, after);
  const facts = new k8s.core.v1.Secret("in-cluster", inClusterSecret(settings), inside);
  const login = new k8s.core.v1.Secret("repository", repositorySecret(settings), inside);
  const project = new k8s.apiextensions.CustomResource(
    "bootstrap-project",
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "AppProject",
      metadata: { name: "bootstrap", namespace: argoCdNamespace },
      spec: {
        description: "The Application bootstrap and what it may make: projects, ApplicationSets, namespaces",
        sourceRepos: [repository.url],
        destinations: [{ server: inClusterServer, namespace: argoCdNamespace }],
        clusterResourceWhitelist: [{ group: "", kind: "Namespace" }],
        namespaceResourceWhitelist: [
          { group: "argoproj.io", kind: "AppProject" },
          { group: "argoproj.io", kind: "ApplicationSet" },
          { group: "", kind: "ConfigMap" },
        ],
      },
    },
    inside,
  );
  return new k8s.apiextensions.CustomResource(
    "root",
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "ApplicationSet",
      metadata: { name: "root", namespace: argoCdNamespace },
      spec: rootSpec(settings, stage),
    },
    insideOptions(cluster, [...after, facts, login, project]),
  );
}

/** The facts that the root's generator reads; templates see labels and annotations, never the data. */
function inClusterSecret({ identity, repository, pollSeconds }: Settings): k8s.core.v1.SecretArgs {
  const capabilities = Object.fromEntries(identity.capabilities.map((name) => [`cap-${name}`, "true"]));
  return {
    metadata: {
      name: "in-cluster",
      namespace: argoCdNamespace,
      labels: {
        "argocd.argoproj.io/secret-type": "cluster",
        stage: identity.stage,
        region: identity.region,
        provider: identity.provider,
        identity: identity.name,
        ...capabilities,
      },
      annotations: {
        repoURL: repository.url,
        revision: repository.revision,
        pollSeconds: String(pollSeconds),
        // Helm's own way to write a list on its command line.
        capabilities: `{${identity.capabilities.join(",")}}`,
        domain: identity.domain,
      },
    },
    stringData: {
      name: identity.name,
      server: inClusterServer,
      config: JSON.stringify({ tlsClientConfig: { insecure: false } }),
    },
  };
}

function repositorySecret({ repository }: Settings): k8s.core.v1.SecretArgs {
  const { url, username, password } = repository;
  return {
    metadata: {
      name: "repository",
      namespace: argoCdNamespace,
      labels: { "argocd.argoproj.io/secret-type": "repository" },
    },
    stringData: {
      type: "git",
      url,
      ...(username && password ? { username, password: pulumi.secret(password) } : {}),
    },
  };
}

const facts: Record<(typeof bootstrapParameters)[number], string> = {
  repoURL: "annotations.repoURL",
  targetRevision: "annotations.revision",
  provider: "labels.provider",
  capabilities: "annotations.capabilities",
  pollSeconds: "annotations.pollSeconds",
};

/** Parameters that Helm must read as what they are; the others stay text even when they look like numbers. */
const typed = new Set<string>(["capabilities", "pollSeconds"]);

function rootSpec({ identity }: Settings, stage: Settings["stage"]) {
  const metadata = (path: string) => `{{.metadata.${path}}}`;
  return {
    goTemplate: true,
    goTemplateOptions: ["missingkey=error"],
    syncPolicy: {
      applicationsSync: stage.applicationsSync,
      preserveResourcesOnDeletion: stage.preserveResourcesOnDeletion,
    },
    generators: [
      {
        clusters: {
          selector: { matchLabels: { "argocd.argoproj.io/secret-type": "cluster", identity: identity.name } },
        },
      },
    ],
    template: {
      metadata: {
        name: "bootstrap",
        labels: {
          "onebranch.dev/stage": metadata("labels.stage"),
          "onebranch.dev/region": metadata("labels.region"),
          "onebranch.dev/cluster": metadata("labels.identity"),
          "onebranch.dev/component": "bootstrap",
        },
      },
      spec: {
        project: "bootstrap",
        source: {
          repoURL: metadata("annotations.repoURL"),
          targetRevision: metadata("annotations.revision"),
          path: "gitops/bootstrap",
          helm: {
            valueFiles: [
              `/gitops/clusters/${metadata("labels.identity")}/cluster.yaml`,
              `/gitops/stages/${metadata("labels.stage")}.yaml`,
            ],
            parameters: bootstrapParameters.map((name) => ({
              name,
              value: metadata(facts[name]),
              ...(typed.has(name) ? {} : { forceString: true }),
            })),
          },
        },
        destination: { server: inClusterServer, namespace: argoCdNamespace },
        syncPolicy: {
          automated: { prune: stage.prune, selfHeal: true },
          retry: { limit: -1, refresh: true, backoff: { duration: "2s", factor: 2, maxDuration: "1m" } },
          syncOptions: ["ServerSideApply=true"],
        },
      },
    },
  };
}
