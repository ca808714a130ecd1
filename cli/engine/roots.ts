import { effectiveCapabilities } from "../../model/capabilities";
import type { Identity, ProviderName } from "../../model/identity";
import type { Stage } from "../../model/stage";
import type { ClusterInput } from "./types";

/** What Applications say about the repository, and how often Argo CD looks at it. */
export interface Follow {
  repoURL: string;
  revision: string;
  pollSeconds: number;
}

const inCluster = "https://kubernetes.default.svc";

/** Pulumi applies every object under this name. */
const applied = { "pulumi.com/patchFieldManager": "onebranch" };

/** Parameters of the bootstrap chart, by the fact of the in-cluster Secret that fills them; `text` ones stay text. */
const parameters = [
  { name: "repoURL", fact: "annotations.repoURL", text: true },
  { name: "targetRevision", fact: "annotations.revision", text: true },
  { name: "provider", fact: "labels.provider", text: true },
  { name: "capabilities", fact: "annotations.capabilities", text: false },
  { name: "pollSeconds", fact: "annotations.pollSeconds", text: false },
];

/**
 * What Pulumi's program writes into a cluster for Argo CD to start from. It is said here again because the tool may not
 * load the program; a test holds the two together.
 */
export function clusterInput(
  identity: Identity,
  stage: Pick<Stage, "applicationsSync" | "preserveResourcesOnDeletion" | "prune">,
  follow: Follow,
  provider: ProviderName = identity.provider,
): ClusterInput {
  const capabilities = effectiveCapabilities(identity, provider);
  return {
    name: identity.name,
    kubeVersion: identity.kubernetesVersion,
    projects: ["bootstrap", "default"],
    secrets: [
      {
        name: identity.name,
        server: inCluster,
        labels: {
          "argocd.argoproj.io/secret-type": "cluster",
          stage: identity.stage,
          region: identity.region,
          provider,
          identity: identity.name,
          ...Object.fromEntries(capabilities.map((name) => [`cap-${name}`, "true"])),
        },
        annotations: {
          ...applied,
          repoURL: follow.repoURL,
          revision: follow.revision,
          pollSeconds: String(follow.pollSeconds),
          capabilities: `{${capabilities.join(",")}}`,
          domain: identity.domain,
        },
      },
    ],
    roots: [
      {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "ApplicationSet",
        metadata: { name: "root", namespace: "argocd", annotations: applied },
        spec: rootSpec(identity, stage),
      },
    ],
  };
}

function rootSpec(
  identity: Identity,
  stage: Pick<Stage, "applicationsSync" | "preserveResourcesOnDeletion" | "prune">,
): object {
  const fact = (path: string) => `{{.metadata.${path}}}`;
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
          "onebranch.dev/stage": fact("labels.stage"),
          "onebranch.dev/region": fact("labels.region"),
          "onebranch.dev/cluster": fact("labels.identity"),
          "onebranch.dev/component": "bootstrap",
        },
      },
      spec: {
        project: "bootstrap",
        source: {
          repoURL: fact("annotations.repoURL"),
          targetRevision: fact("annotations.revision"),
          path: "gitops/bootstrap",
          helm: {
            valueFiles: [
              `/gitops/clusters/${fact("labels.identity")}/cluster.yaml`,
              `/gitops/stages/${fact("labels.stage")}.yaml`,
            ],
            parameters: parameters.map(({ name, fact: from, text }) => ({
              name,
              value: fact(from),
              ...(text ? { forceString: true } : {}),
            })),
          },
        },
        destination: { server: inCluster, namespace: "argocd" },
        syncPolicy: {
          automated: { prune: stage.prune, selfHeal: true },
          retry: { limit: -1, refresh: true, backoff: { duration: "2s", factor: 2, maxDuration: "1m" } },
          syncOptions: ["ServerSideApply=true"],
        },
      },
    },
  };
}
