import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { webhookKeys } from "../../../argocd/webhooks";
import type { Api, KubernetesObject } from "./api";
import type { ConfigMaps } from "./argocd-specs";
import { readPki } from "./certificates";
import type { ClusterPaths } from "./directory";

const namespace = "argocd";
const core = `/api/v1/namespaces/${namespace}`;

export interface ArgoCdObjects {
  paths: ClusterPaths;
  configMaps: ConfigMaps;
  redisPassword: string;
  webhookSecret: string;
}

/** Puts the settings that Argo CD's processes expect into the cluster. What the processes wrote there themselves stays. */
export async function applyArgoCdObjects(api: Api, options: ArgoCdObjects): Promise<void> {
  await api.apply(`/api/v1/namespaces/${namespace}`, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: namespace },
  });
  await Promise.all([
    ...Object.entries(options.configMaps).map(([name, data]) => applyNamed(api, "ConfigMap", name, { data })),
    applySecrets(api, options),
  ]);
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

async function applySecrets(api: Api, options: ArgoCdObjects): Promise<void> {
  const [cert, key] = await Promise.all([
    readPki(options.paths, "argocd-server-tls.crt"),
    readPki(options.paths, "argocd-server-tls.key"),
  ]);
  await Promise.all([
    applyNamed(api, "Secret", "argocd-secret", {
      data: encoded({ "server.secretkey": await serverKey(api), ...webhookKeys(options.webhookSecret) }),
    }),
    applyNamed(api, "Secret", "argocd-redis", { data: encoded({ auth: options.redisPassword }) }),
    applyNamed(api, "Secret", "argocd-server-tls", {
      type: "kubernetes.io/tls",
      data: encoded({ "tls.crt": cert, "tls.key": key }),
    }),
  ]);
}

/** The key that Argo CD signs its sessions with. A new one would log every user out. */
async function serverKey(api: Api): Promise<string> {
  const secret = await api.get<{ data?: Record<string, string> }>(`${core}/secrets/argocd-secret`);
  const known = secret?.data?.["server.secretkey"];
  return known ? Buffer.from(known, "base64").toString() : randomBytes(32).toString("base64");
}

async function applyNamed(api: Api, kind: "ConfigMap" | "Secret", name: string, content: object): Promise<void> {
  // Argo CD watches only objects with this label.
  const labels = { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "argocd" };
  const object = { apiVersion: "v1", kind, metadata: { name, namespace, labels }, ...content };
  await api.apply(`${core}/${kind.toLowerCase()}s/${name}`, object);
}

function encoded(data: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString("base64")]));
}
