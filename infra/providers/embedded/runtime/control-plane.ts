import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { privateDirectory } from "../../../../machine/files";
import { UserError } from "../../../../model/errors";
import { Api } from "./api";
import { ensureCertificates } from "./certificates";
import { type ControlPlaneSpecs, controlPlaneSpecs } from "./control-plane-specs";
import { type ClusterPaths } from "./directory";
import { listens } from "./health";
import { writeAdminKubeconfig, writeKubeconfig } from "./kubeconfig";
import { nodeIsReady, registerNode } from "./node-object";
import { ensurePorts, type Ports } from "./ports";
import { userRange } from "./port-claims";
import type { ReportStep } from "./steps";
import { Supervisor } from "./supervisor";

export interface StartOptions {
  paths: ClusterPaths;
  /** Directory of the toolchain's programs. */
  bin: string;
  /** `v1.37.2`, for the node. */
  version: string;
  report: ReportStep;
}

export interface RunningControlPlane {
  ports: Ports;
  kubeconfig: string;
  server: string;
}

/**
 * Starts the processes of a control plane that do not run yet, and waits until it works. Only for the holder of the cluster's lock.
 */
export async function startControlPlane({ paths, bin, version, report }: StartOptions): Promise<RunningControlPlane> {
  privateDirectory(paths.home);
  const ports = await ensurePorts(paths, userRange());
  await ensureCertificates(paths, report);
  privateDirectory(paths.etcd);
  const { kubeconfig, api, etcd } = await prepare(paths, ports);
  try {
    const specs = controlPlaneSpecs({ paths, ports, bin });
    specs.etcd.healthy = () => etcd.isOk("/health");
    specs["kube-apiserver"].healthy = () => api.isOk("/readyz");
    const supervisor = new Supervisor(paths, ports, report);
    await startAll(supervisor, specs, api, ports.etcd, { cluster: paths.name, version });
    return { ports, kubeconfig, server: `https://127.0.0.1:${ports["kube-apiserver"]}` };
  } finally {
    api.close();
    etcd.close();
  }
}

async function prepare(paths: ClusterPaths, ports: Ports): Promise<{ kubeconfig: string; api: Api; etcd: Api }> {
  const port = ports["kube-apiserver"];
  const users = ["kube-controller-manager", "kube-scheduler", "kwok"];
  await Promise.all(users.map((user) => writeKubeconfig(paths, port, user)));
  const kubeconfig = await writeAdminKubeconfig(paths, port);
  const [api, etcd] = await Promise.all([
    Api.connect(paths, port, "admin"),
    Api.connect(paths, ports.etcd, "etcd-client", "etcd-ca"),
  ]);
  return { kubeconfig, api, etcd };
}

async function startAll(
  supervisor: Supervisor,
  specs: ControlPlaneSpecs,
  api: Api,
  etcdPort: number,
  node: { cluster: string; version: string },
): Promise<void> {
  await supervisor.ensure(specs.etcd);
  // A client that connects before etcd listens backs off for a second; one that connects afterwards only waits for the leader
  // election.
  await until(supervisor, "etcd to listen", () => listens(etcdPort));
  await supervisor.ensure(specs["kube-apiserver"]);
  await Promise.all([supervisor.healthy("etcd"), supervisor.healthy("kube-apiserver")]);
  const clients = [specs["kube-controller-manager"], specs["kube-scheduler"], specs.kwok];
  await Promise.all(clients.map((spec) => supervisor.ensure(spec)));
  await registerNode(api, node.cluster, node.version);
  await Promise.all(clients.map(({ name }) => supervisor.healthy(name)));
  await until(supervisor, "the node to be ready", () => nodeIsReady(api));
  await until(supervisor, "the first service account", async () =>
    Boolean(await api.get("/api/v1/namespaces/default/serviceaccounts/default")),
  );
  await supervisor.checkStarted();
}

/** Polls until a condition on the API is true, and fails early when a process that it depends on ends. */
async function until(supervisor: Supervisor, what: string, holds: () => Promise<boolean>, seconds = 60): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await holds())) {
    await supervisor.checkStarted();
    if (Date.now() > deadline) throw new UserError(`waited ${seconds} s in vain for ${what}`, { exitCode: 1 });
    await sleep(20);
  }
}

/** The administrator's kubeconfig of a cluster that was started before; undefined when it was never started. */
export async function readKubeconfig(paths: ClusterPaths): Promise<string | undefined> {
  return readFile(paths.kubeconfig, "utf8").catch(() => undefined);
}
