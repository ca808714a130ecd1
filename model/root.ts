import { capabilityNames } from "./capabilities";
import type { Identity } from "./identity";
import type { Stage } from "./stage";

/** The namespace of Argo CD and of everything that controls it. */
export const argoCdNamespace = "argocd";

/** The group and version of Argo CD's own kinds. */
export const argoCdVersion = "argoproj.io/v1alpha1";

/** Where the API server serves Argo CD's objects of all namespaces. */
export const argoCdApis = `/apis/${argoCdVersion}`;

/** Where it serves those of Argo CD's own namespace. */
export const argoCdApi = `${argoCdApis}/namespaces/${argoCdNamespace}`;

/** The only cluster an Application may deploy to: the one its own Argo CD runs in. */
export const inClusterServer = "https://kubernetes.default.svc";

/** The name under which Argo CD knows it. */
export const inClusterName = "in-cluster";

/** What Argo CD finds the Secrets of repositories and clusters by. */
export const secretTypeLabel = "argocd.argoproj.io/secret-type";

/** The Application that renders gitops/bootstrap, and its project. */
export const bootstrapProject = "bootstrap";

/** The project of all add-ons, the only one that may make cluster-scoped kinds. */
export const platformProject = "platform";

/** The ApplicationSet that Pulumi writes; everything else descends from it. */
export const rootSet = "root";

/** The field manager under which Pulumi applies what it writes. */
export const pulumiManager = "onebranch";

/** Pulumi writes these on every object; they say under which name it applies, and that it takes over what others wrote. */
export const appliedAnnotations = { "pulumi.com/patchFieldManager": pulumiManager, "pulumi.com/patchForce": "true" };

/** What the Applications of a cluster say about the repository, and how often Argo CD looks at it. */
export interface Follow {
  repoURL: string;
  /** Branch, tag or commit. */
  revision: string;
  /** Seconds. */
  pollSeconds: number;
}

/** Labels and annotations of the in-cluster Secret. The root's template sees no other part of the Secret. */
export interface ClusterFacts {
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/**
 * The facts that the root's cluster generator reads. The identity must already name the real provider of the cluster, and only
 * the capabilities that the cluster has there.
 */
export function clusterFacts(identity: Identity, follow: Follow): ClusterFacts {
  const { capabilities, stage, ring, region, provider, name, domain } = identity;
  return {
    labels: {
      [secretTypeLabel]: "cluster",
      stage,
      ...(ring !== undefined && { ring }),
      region,
      provider,
      identity: name,
      ...Object.fromEntries(capabilities.map((capability) => [`cap-${capability}`, "true"])),
    },
    annotations: {
      repoURL: follow.repoURL,
      revision: follow.revision,
      pollSeconds: String(follow.pollSeconds),
      // Helm's own way to write a list on its command line.
      capabilities: `{${capabilities.join(",")}}`,
      domain,
    },
  };
}

const fact = (path: string) => `{{.metadata.${path}}}`;

/**
 * The parameters of the bootstrap chart and the fact behind each. `forceString` keeps a text that looks like a number or a list a
 * text.
 */
const parameters = [
  { name: "repoURL", value: fact("annotations.repoURL"), forceString: true },
  { name: "targetRevision", value: fact("annotations.revision"), forceString: true },
  { name: "provider", value: fact("labels.provider"), forceString: true },
  // An ephemeral cluster has the cluster.yaml of another one, and its own domain.
  { name: "domain", value: fact("annotations.domain"), forceString: true },
  { name: "capabilities", value: fact("annotations.capabilities") },
  { name: "pollSeconds", value: fact("annotations.pollSeconds") },
  // With all of them the chart tells a pin that is for other clusters from one with a fault.
  { name: "knownCapabilities", value: `{${capabilityNames.join(",")}}` },
];

/** The only Helm parameters that any Application may have. */
export const bootstrapParameters = [...parameters.map(({ name }) => name), "commit"];

/** The parts of a stage that decide what Argo CD may delete. */
export type DeletionPolicy = Pick<Stage, "applicationsSync" | "preserveResourcesOnDeletion" | "prune">;

/** The spec of the project of the Application bootstrap: only the kinds that the templates of gitops/bootstrap make. */
export function bootstrapProjectSpec(repoURL: string) {
  return {
    description: "The Application bootstrap and what it may make: projects, ApplicationSets, namespaces",
    sourceRepos: [repoURL],
    destinations: [{ server: inClusterServer, namespace: argoCdNamespace }],
    clusterResourceWhitelist: [{ group: "", kind: "Namespace" }],
    namespaceResourceWhitelist: [
      { group: "argoproj.io", kind: "AppProject" },
      { group: "argoproj.io", kind: "ApplicationSet" },
    ],
  };
}

/**
 * The spec of the root ApplicationSet. It makes one Application, which renders gitops/bootstrap for this cluster.
 * @param commit Argo CD puts the commit's id here. It changes the ApplicationSets with each commit, so that their controller
 * generates at once: after an error it would wait for three minutes, and also ignore a second request to refresh
 */
export function rootSpec(identity: Identity, stage: DeletionPolicy, commit = "$ARGOCD_APP_REVISION") {
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
          selector: { matchLabels: { [secretTypeLabel]: "cluster", identity: identity.name } },
        },
      },
    ],
    template: {
      metadata: {
        name: bootstrapProject,
        labels: {
          "onebranch.dev/stage": fact("labels.stage"),
          ...(identity.ring !== undefined && { "onebranch.dev/ring": fact("labels.ring") }),
          "onebranch.dev/region": fact("labels.region"),
          "onebranch.dev/cluster": fact("labels.identity"),
          "onebranch.dev/component": bootstrapProject,
        },
      },
      spec: {
        project: bootstrapProject,
        source: {
          repoURL: fact("annotations.repoURL"),
          targetRevision: fact("annotations.revision"),
          path: "gitops/bootstrap",
          helm: {
            valueFiles: [
              `/gitops/clusters/${fact("labels.identity")}/cluster.yaml`,
              `/gitops/stages/${fact("labels.stage")}.yaml`,
            ],
            parameters: [...parameters, { name: "commit", value: commit, forceString: true }],
          },
        },
        destination: { server: inClusterServer, namespace: argoCdNamespace },
        syncPolicy: {
          automated: { prune: stage.prune, selfHeal: true },
          // A quarter of an hour; `refresh` and the next commit start with what is newest then.
          retry: { limit: 50, refresh: true, backoff: { duration: "2s", factor: 2, maxDuration: "20s" } },
          syncOptions: ["ServerSideApply=true"],
        },
      },
    },
  };
}
