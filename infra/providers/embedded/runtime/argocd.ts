import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { privateDirectory, writeWhole } from "../../../../machine/files";
import { gitFiles } from "../../../argocd/git-config";
import { clusterApi, type ClusterApi } from "../../../cluster/api";
import { Api } from "./api";
import { applyArgoCdObjects, argocdObjectsAreCurrent, completeConfigMaps } from "./argocd-objects";
import { type ArgoCdName, argocdNames } from "./argocd-parameters";
import { argocdFiles, argocdSpecs, repoServerPair, type ConfigMaps } from "./argocd-specs";
import { argocdUsers, readPki } from "./certificates";
import { Definitions, definitionsAreCurrent } from "./definitions";
import { type ClusterPaths, removeTree } from "./directory";
import { answersOk, listens, redisTakes } from "./health";
import { kubeconfigFor, writeKubeconfig } from "./kubeconfig";
import type { Ports } from "./ports";
import type { ProcessSpec } from "./process-spec";
import type { ReportStep } from "./steps";
import { askPassSocket } from "./sockets";
import { Supervisor } from "./supervisor";

/** Everything that decides how Argo CD's processes are started. */
export interface ArgoCdInputs {
  paths: ClusterPaths;
  ports: Ports;
  bin: string;
  manifests: string;
  configMaps: ConfigMaps;
  redisPassword: string;
}

export interface ArgoCdOptions extends ArgoCdInputs {
  webhookSecret: string;
  oidcClientSecret?: string;
  report: ReportStep;
}

/** Where Argo CD answers. */
export function argocdUrl(ports: Ports): string {
  return `https://127.0.0.1:${ports["argocd-server"]}`;
}

/**
 * Starts the processes of Argo CD that do not run yet, applies its settings, and waits until it works. The control plane must run.
 * Only for the holder of the cluster's lock.
 */
export async function startArgoCd(options: ArgoCdOptions): Promise<void> {
  const { paths, ports, manifests, report } = options;
  const { configMaps, specs } = await argocdProcesses(options);
  await writeFiles(paths, ports, configMaps);
  const supervisor = new Supervisor(paths, ports, report);
  const api = await Api.connect(paths, ports["kube-apiserver"], "admin");
  try {
    // These two need nothing of the cluster, so they load while the API server works.
    await supervisor.ensure(specs.redis);
    await supervisor.ensure(specs["repo-server"]);
    report({ action: "apply", subject: "the settings of Argo CD" });
    const definitions = await Definitions.apply(api, join(manifests, "crds"), definitionRecord(paths));
    const secretLost = await applyArgoCdObjects(await adminApi(paths, ports), { ...options, configMaps });
    await Promise.all(
      argocdNames.map(async (name) => {
        await definitions.serving(needs[name] ?? []);
        if (needs[name]) await supervisor.ensure(specs[name], name === "argocd-server" && secretLost);
        await supervisor.healthy(name);
      }),
    );
    await definitions.recorded;
  } finally {
    api.close();
  }
  await supervisor.checkStarted();
}

/** Whether the objects of Argo CD in the cluster are those that a start would write. */
export async function argocdIsIntact(options: Omit<ArgoCdOptions, "report">): Promise<boolean> {
  const { paths, ports, manifests } = options;
  const { configMaps } = await argocdProcesses(options);
  const api = await Api.connect(paths, ports["kube-apiserver"], "admin");
  try {
    const [objects, definitions] = await Promise.all([
      argocdObjectsAreCurrent(await adminApi(paths, ports), { ...options, configMaps }),
      definitionsAreCurrent(api, join(manifests, "crds"), definitionRecord(paths)),
    ]);
    return objects && definitions;
  } finally {
    api.close();
  }
}

const definitionRecord = (paths: ClusterPaths) => join(paths.argocd, "definitions.json");

async function adminApi(paths: ClusterPaths, ports: Ports): Promise<ClusterApi> {
  return clusterApi(await kubeconfigFor(paths, ports["kube-apiserver"], "admin"));
}

const [applications, applicationSets, projects] = ["applications", "applicationsets", "appprojects"].map(
  (plural) => `${plural}.argoproj.io`,
) as [string, string, string];

/** Kinds that must be served before a process starts. The schema of ApplicationSets alone takes a second to digest. */
const needs: Partial<Record<ArgoCdName, string[]>> = {
  "application-controller": [applications, projects],
  "applicationset-controller": [applications, applicationSets],
  "argocd-server": [applications, applicationSets, projects],
};

/** The complete ConfigMaps, and how each process is started and seen to work. Nothing is written. */
export async function argocdProcesses(
  options: ArgoCdInputs,
): Promise<{ configMaps: ConfigMaps; specs: Record<ArgoCdName, ProcessSpec> }> {
  const { paths, ports, manifests, redisPassword } = options;
  const ours = { ...options.configMaps, "argocd-cm": { url: argocdUrl(ports), ...options.configMaps["argocd-cm"] } };
  const configMaps = await completeConfigMaps(manifests, ours);
  const specs = argocdSpecs({ ...options, configMaps, caller: process.env });
  const ca = await readPki(paths, "argocd-ca.crt");
  specs.redis.healthy = () => redisTakes(ports.redis, redisPassword);
  specs["repo-server"].healthy = () => answersOk(ports["repo-server-metrics"], "/healthz");
  specs["application-controller"].healthy = () => answersOk(ports["application-controller-metrics"], "/healthz");
  specs["applicationset-controller"].healthy = () => listens(ports["applicationset-controller-probe"]);
  specs["argocd-server"].healthy = () => answersOk(ports["argocd-server"], "/healthz", ca);
  return { configMaps, specs };
}

async function writeFiles(paths: ClusterPaths, ports: Ports, configMaps: ConfigMaps): Promise<void> {
  const files = argocdFiles(paths);
  for (const directory of Object.values(files)) privateDirectory(directory);
  for (const [name, text] of Object.entries(gitFiles(files.forGit))) writeWhole(join(files.forGit, name), text, 0o700);
  await Promise.all([
    ...argocdUsers.map((user) => writeKubeconfig(paths, ports["kube-apiserver"], user)),
    writeRepoServerPair(paths, files.config),
    mount(files.ssh, configMaps["argocd-ssh-known-hosts-cm"]),
    mount(files.tls, configMaps["argocd-tls-certs-cm"]),
  ]);
}

/** repo-server has no flags for these. */
async function writeRepoServerPair(paths: ClusterPaths, config: string): Promise<void> {
  const directory = join(config, "reposerver", "tls");
  privateDirectory(join(directory, ".."));
  privateDirectory(directory);
  const [cert, key] = await Promise.all([
    readPki(paths, `${repoServerPair}.crt`),
    readPki(paths, `${repoServerPair}.key`),
  ]);
  writeWhole(join(directory, "tls.crt"), cert);
  writeWhole(join(directory, "tls.key"), key);
}

/** Lays a ConfigMap's keys out as files, as a kubelet does for a volume; running processes may read them meanwhile. */
async function mount(directory: string, data: Readonly<Record<string, string>> = {}): Promise<void> {
  for (const [name, text] of Object.entries(data)) writeWhole(join(directory, name), text);
  const old = (await readdir(directory)).filter((name) => !(name in data));
  await Promise.all(old.map((name) => rm(join(directory, name), { force: true })));
}

/** Removes what Argo CD's processes left behind; they must have ended. */
export async function removeArgoCdFiles(paths: ClusterPaths): Promise<void> {
  await removeTree(paths.argocd);
  await rm(askPassSocket(paths), { force: true });
}
