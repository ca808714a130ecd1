import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { argoCdNamespace, clusterFacts, inClusterServer, rootSpec } from "../../model/root";
import { insideOptions, type ClusterHandle } from "../cluster/handle";
import type { Settings } from "../settings/settings";

/** Makes Argo CD follow the tree: the facts of its own cluster, the repository, and the root ApplicationSet. */
export function seedRoot(settings: Settings, cluster: ClusterHandle, after: pulumi.Resource[]): pulumi.Resource {
  const { identity, repository, stage } = settings;
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
      spec: rootSpec(identity, stage),
    },
    insideOptions(cluster, [...after, facts, login, project]),
  );
}

function inClusterSecret({ identity, repository, pollSeconds }: Settings): k8s.core.v1.SecretArgs {
  const follow = { repoURL: repository.url, revision: repository.revision, pollSeconds };
  return {
    metadata: { name: "in-cluster", namespace: argoCdNamespace, ...clusterFacts(identity, follow) },
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
