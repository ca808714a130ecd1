import {
  argocdIsCurrent,
  argocdUrl,
  clusterPaths,
  clusterStatus,
  readPorts,
  startArgoCd,
  stopArgoCd,
  type ConfigMaps,
} from "../runtime";
import { restartable } from "./restartable";

interface Inputs {
  name: string;
  configMaps: ConfigMaps;
  redisPassword: string;
  webhookSecret: string;
  oidcClientSecret?: string;
}

/** Argo CD of an embedded cluster as a Pulumi resource. */
export const implementation = restartable<Inputs, { url: string }>({
  inputs: ["name", "configMaps", "redisPassword", "webhookSecret", "oidcClientSecret"],
  parts: ["cluster", "argocd"],
  processes: ({ argocd }) => argocd,
  async start(inputs, { bin, manifests }, { root, name, report }) {
    await startArgoCd({ ...inputs, root, bin, manifests, report });
    const ports = await readPorts(clusterPaths(name, root));
    return { url: argocdUrl(ports!) };
  },
  isCurrent: (inputs, { bin, manifests }, { root }) => argocdIsCurrent({ ...inputs, root, bin, manifests }),
  async read({ root, name }) {
    const { exists } = await clusterStatus(root, name);
    return exists ? {} : undefined;
  },
  remove: stopArgoCd,
});
