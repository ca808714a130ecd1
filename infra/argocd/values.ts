import { isMapping, merge, type Mapping } from "../../model/mapping";
import type { ArgoCdChoice, Image } from "../settings/argocd";
import type { ArgoCdConfig } from "./config";
import { gitConfig } from "./git-config";

/** How Argo CD is reached and what it mounts, where the chart makes pods. */
export interface Placement {
  /** NodePort of argocd-server; absent: ClusterIP, reached by port-forward. */
  nodePort?: number;
  /** Where the node has the checkout, for the repository server to read; absent: the repository is reached by network. */
  checkout?: string;
  /** Whether there is one node only. */
  oneNode?: boolean;
}

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
    server: {
      service: placement.nodePort === undefined ? {} : { type: "NodePort", nodePortHttps: placement.nodePort },
    },
  };
  const merged = [...operation, choice.values ?? {}].reduce(merge, values);
  return { ...merged, repoServer: withGit(merged.repoServer, placement.checkout) };
}

function pulled(image: Image): Mapping {
  return { repository: image.repository, tag: image.tag, imagePullPolicy: "IfNotPresent" };
}

/** What Argo CD's image has as PATH. */
const imagePath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Git starts a hook only if it may be executed. */
const executable = 0o555;

/**
 * The repository server's values with Git's settings added to its lists, so that values of a stack cannot remove them.
 * @param checkout where the node has the repository, if it is there
 */
function withGit(values: unknown, checkout: string | undefined): Mapping {
  const volumes = [
    {
      name: "gitconfig",
      configMap: { name: gitConfig.configMap, defaultMode: executable },
      mountPath: gitConfig.directory,
    },
    ...(checkout ? [{ name: "checkout", hostPath: { path: checkout, type: "Directory" }, mountPath: checkout }] : []),
  ];
  const added: Record<string, Mapping[]> = {
    env: [
      { name: "GIT_CONFIG_GLOBAL", value: `${gitConfig.directory}/${gitConfig.key}` },
      // A container's variables cannot refer to the image's own PATH.
      { name: "PATH", value: `${gitConfig.directory}:${imagePath}` },
    ],
    volumes: volumes.map(({ mountPath: _, ...volume }) => volume),
    volumeMounts: volumes.map(({ name, mountPath }) => ({ name, mountPath, readOnly: true })),
  };
  const others = isMapping(values) ? values : {};
  const lists = Object.entries(added).map(([key, items]) => {
    const given = others[key];
    return [key, [...(Array.isArray(given) ? (given as unknown[]) : []), ...items]];
  });
  return { ...others, ...(Object.fromEntries(lists) as Mapping) };
}
