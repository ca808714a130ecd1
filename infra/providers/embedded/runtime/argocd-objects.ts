import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { argoCdNamespace as namespace } from "../../../../model/root";
import { loginSecret } from "../../../argocd/sso";
import { webhookKeys } from "../../../argocd/webhooks";
import { found, type ClusterApi, type KubeObject } from "../../../cluster/api";
import { changedObjects, restoreObjects } from "../../../cluster/restore";
import type { KubernetesObject } from "./api";
import { argocdRoles } from "./argocd-roles";
import type { ConfigMaps } from "./argocd-specs";
import { readPki } from "./certificates";
import type { ClusterPaths } from "./directory";

export interface ArgoCdObjects {
  paths: ClusterPaths;
  configMaps: ConfigMaps;
  redisPassword: string;
  webhookSecret: string;
  /** Secret of Argo CD's client at the identity provider. */
  oidcClientSecret?: string;
}

/**
 * Puts the settings that Argo CD's processes expect into the cluster. What the processes wrote there themselves stays.
 * @returns whether the Secret of argocd-server was gone: with it the administrator's password, which the server makes when it
 * starts
 */
export async function applyArgoCdObjects(api: ClusterApi, options: ArgoCdObjects): Promise<boolean> {
  await restoreObjects(api, [ownNamespace]);
  const lost = (await readServerKey(api)) === undefined;
  await restoreObjects(api, await argocdObjects(api, options));
  return lost;
}

/** Whether nobody has changed them since. */
export async function argocdObjectsAreCurrent(api: ClusterApi, options: ArgoCdObjects): Promise<boolean> {
  return (await changedObjects(api, await argocdObjects(api, options))).length === 0;
}

const partOf = { "app.kubernetes.io/part-of": "argocd" };

/** It has a label because Kubernetes records who writes what only in an object of which a part was applied. */
const ownNamespace: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels: partOf } };

async function argocdObjects(api: ClusterApi, options: ArgoCdObjects): Promise<KubeObject[]> {
  return [
    ownNamespace,
    ...argocdRoles(),
    ...Object.entries(options.configMaps).map(([name, data]) => named("ConfigMap", name, { data })),
    ...(await secrets(api, options)),
  ];
}

/** Argo CD's own base ConfigMaps with ours laid over them, key by key. */
export async function completeConfigMaps(manifests: string, ours: ConfigMaps): Promise<ConfigMaps> {
  const directory = join(manifests, "config");
  const result: Record<string, Record<string, string>> = {};
  for (const file of (await readdir(directory)).sort()) {
    const base = parse(await readFile(join(directory, file), "utf8")) as KubernetesObject & {
      data?: Record<string, string>;
    };
    if (base.kind === "ConfigMap") result[base.metadata.name] = { ...base.data };
  }
  for (const [name, data] of Object.entries(ours)) result[name] = { ...result[name], ...data };
  return result;
}

async function secrets(api: ClusterApi, options: ArgoCdObjects): Promise<KubeObject[]> {
  const [cert, key, serverKey] = await Promise.all([
    readPki(options.paths, "argocd-server-tls.crt"),
    readPki(options.paths, "argocd-server-tls.key"),
    readServerKey(api),
  ]);
  // A new key logs every user out.
  const sessionKey = serverKey ?? randomBytes(32).toString("base64");
  return [
    named("Secret", "argocd-secret", {
      stringData: {
        "server.secretkey": sessionKey,
        ...webhookKeys(options.webhookSecret),
        ...loginSecret(options.oidcClientSecret),
      },
    }),
    named("Secret", "argocd-redis", { stringData: { auth: options.redisPassword } }),
    named("Secret", "argocd-server-tls", {
      type: "kubernetes.io/tls",
      stringData: { "tls.crt": cert, "tls.key": key },
    }),
  ];
}

/** The key that Argo CD signs its sessions with; undefined where there is none yet. */
async function readServerKey(api: ClusterApi): Promise<string | undefined> {
  const secret = await found(api.request("GET", `/api/v1/namespaces/${namespace}/secrets/argocd-secret`));
  const known = (secret?.data as Record<string, string> | undefined)?.["server.secretkey"];
  return known ? Buffer.from(known, "base64").toString() : undefined;
}

function named(kind: "ConfigMap" | "Secret", name: string, content: object): KubeObject {
  // Argo CD watches only objects with this label.
  const labels = { "app.kubernetes.io/name": name, ...partOf };
  return { apiVersion: "v1", kind, metadata: { name, namespace, labels }, ...content };
}
