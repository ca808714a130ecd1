import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  argoCdNamespace,
  argoCdVersion,
  bootstrapProject,
  bootstrapProjectSpec,
  clusterFacts,
  inClusterName,
  inClusterServer,
  rootSet,
  rootSpec,
  secretTypeLabel,
} from "../../model/root";
import { insideOptions, type ClusterHandle } from "../cluster/handle";
import type { Settings } from "../settings/settings";

/** What makes Argo CD follow the tree: the facts of its own cluster, the repository, the project of bootstrap and the root. */
export function rootObjects(settings: Settings) {
  const { identity, repository, stage } = settings;
  const argo = { apiVersion: argoCdVersion };
  return {
    facts: inClusterSecret(settings),
    login: repositorySecret(settings),
    project: {
      ...argo,
      kind: "AppProject",
      metadata: { name: bootstrapProject, namespace: argoCdNamespace },
      spec: bootstrapProjectSpec(repository.url),
    },
    root: {
      ...argo,
      kind: "ApplicationSet",
      metadata: { name: rootSet, namespace: argoCdNamespace },
      spec: rootSpec(identity, stage),
    },
  };
}

/** Writes them; the root comes last. */
export function seedRoot(settings: Settings, cluster: ClusterHandle, after: pulumi.Resource[]): pulumi.Resource {
  const objects = rootObjects(settings);
  const inside = insideOptions(cluster, after);
  const facts = new k8s.core.v1.Secret(inClusterName, objects.facts, inside);
  const login = new k8s.core.v1.Secret("repository", objects.login, inside);
  const project = new k8s.apiextensions.CustomResource("bootstrap-project", objects.project, inside);
  return new k8s.apiextensions.CustomResource(
    "root",
    objects.root,
    insideOptions(cluster, [...after, facts, login, project]),
  );
}

const secretType = { apiVersion: "v1", kind: "Secret" } as const;

function inClusterSecret({ identity, repository, pollSeconds }: Settings) {
  const follow = { repoURL: repository.url, revision: repository.revision, pollSeconds };
  return {
    ...secretType,
    metadata: { name: inClusterName, namespace: argoCdNamespace, ...clusterFacts(identity, follow) },
    stringData: {
      name: identity.name,
      server: inClusterServer,
      config: JSON.stringify({ tlsClientConfig: { insecure: false } }),
    },
  };
}

function repositorySecret({ repository }: Settings) {
  const { url, username, password, sshKey } = repository;
  return {
    ...secretType,
    metadata: {
      name: "repository",
      namespace: argoCdNamespace,
      labels: { [secretTypeLabel]: "repository" },
    },
    stringData: {
      type: "git",
      url,
      ...(username && password ? { username, password: pulumi.secret(password) } : {}),
      ...(sshKey !== undefined && { sshPrivateKey: pulumi.secret(sshKey) }),
    },
  };
}
