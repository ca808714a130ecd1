import { merge, type Mapping } from "../../model/mapping";
import type { ArgoCdChoice, Image } from "../settings/argocd";
import type { ArgoCdConfig } from "./config";

/** How Argo CD is reached and what it mounts, where the chart makes pods. */
export interface Placement {
  /** NodePort of argocd-server; absent: ClusterIP, reached by port-forward. */
  nodePort?: number;
  /** Where the node has the checkout, for the repository server to read; absent: the repository is reached by network. */
  checkout?: string;
  /** Whether there is one node only. */
  oneNode?: boolean;
}

/** The ConfigMap with the Git settings of the repository server, and where it is mounted. */
export const gitConfig = { configMap: "onebranch-gitconfig", directory: "/etc/onebranch", key: "gitconfig" } as const;

/**
 * Git's settings inside the repository server: the checkout belongs to a person, not to Argo CD's user, and Git would
 * refuse it. Argo CD overwrites HOME and GIT_CONFIG_COUNT, so only GIT_CONFIG_GLOBAL reaches Git.
 */
export const gitConfigText = "[safe]\n\tdirectory = *\n";

/**
 * The values of the official chart (argo-cd 10.x) for this configuration. No secret is among them: the release would store it.
 * @param operation values for what a stack asks for besides, laid over the usual ones
 */
export function chartValues(
  config: ArgoCdConfig,
  choice: ArgoCdChoice,
  placement: Placement,
  operation: readonly Mapping[] = [],
): Mapping {
  const values: Mapping = {
    ...(choice.image ? { global: { image: pulled(choice.image) } } : {}),
    configs: {
      cm: config.cm,
      rbac: config.rbac,
      params: config.params,
      secret: { createSecret: false },
    },
    dex: { enabled: false },
    notifications: { enabled: false },
    redis: choice.redisImage ? { image: pulled(choice.redisImage) } : {},
    // Its Job would have to reach the API before redis starts; the password is ours, in the Secret argocd-redis.
    redisSecretInit: { enabled: false },
    repoServer: placement.checkout === undefined ? {} : mounted(placement.checkout),
    server: {
      service: placement.nodePort === undefined ? {} : { type: "NodePort", nodePortHttps: placement.nodePort },
    },
  };
  return [...operation, choice.values ?? {}].reduce(merge, values);
}

function pulled(image: Image): Mapping {
  return { repository: image.repository, tag: image.tag, imagePullPolicy: "IfNotPresent" };
}

function mounted(checkout: string): Mapping {
  return {
    env: [{ name: "GIT_CONFIG_GLOBAL", value: `${gitConfig.directory}/${gitConfig.key}` }],
    volumes: [
      { name: "gitconfig", configMap: { name: gitConfig.configMap } },
      { name: "checkout", hostPath: { path: checkout, type: "Directory" } },
    ],
    volumeMounts: [
      { name: "gitconfig", mountPath: gitConfig.directory, readOnly: true },
      { name: "checkout", mountPath: checkout, readOnly: true },
    ],
  };
}
