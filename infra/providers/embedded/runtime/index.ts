import { access } from "node:fs/promises";
import { dirname } from "node:path";
import { privateDirectory } from "../../../../machine/files";
import { withLock } from "../../../../machine/lock";
import { argocdNames } from "./argocd-parameters";
import {
  argocdIsIntact,
  argocdProcesses,
  removeArgoCdFiles,
  startArgoCd as startArgoCdProcesses,
  type ArgoCdOptions,
} from "./argocd";
import { startControlPlane as startControlPlaneProcesses, type RunningControlPlane } from "./control-plane";
import { controlPlaneNames, controlPlaneSpecs } from "./control-plane-specs";
import { type ClusterPaths, clusterPaths, removeLock, removeTree } from "./directory";
import { releaseBlocks, userRange } from "./port-claims";
import { ensurePorts, readPorts } from "./ports";
import { areCurrent } from "./process-spec";
import { processesBelow } from "./process-table";
import type { ReportStep } from "./steps";
import { killProcesses, runningProcesses, stopProcesses } from "./stop";

export { argocdUrl } from "./argocd";
export type { ConfigMaps } from "./argocd-specs";
export { readKubeconfig, type RunningControlPlane } from "./control-plane";
export { clusterPaths, type ClusterPaths } from "./directory";
export { readPorts, type PortName, type Ports } from "./ports";
export { formatStep, type ReportStep, type StepEvent } from "./steps";
export { clusterStatus, type ClusterStatus, type ProcessStatus } from "./status";

export interface ClusterOptions {
  /** Root of the checkout; the cluster lies in its `.onebranch/clusters/<name>/`. */
  root: string;
  name: string;
  /** Called before each step; default: no report. */
  report?: ReportStep;
}

const silent: ReportStep = () => undefined;

/** Starts the processes of a control plane that do not run yet. When all run, nothing happens. */
export function startControlPlane(
  options: ClusterOptions & { bin: string; version: string },
): Promise<RunningControlPlane> {
  return locked(options, (paths, report) => startControlPlaneProcesses({ ...options, paths, report }));
}

/** Starts the processes of Argo CD that do not run yet, and applies its settings. The control plane must run. */
export function startArgoCd(
  options: ClusterOptions & Omit<ArgoCdOptions, "paths" | "ports" | "report">,
): Promise<void> {
  return locked(options, async (paths, report) => {
    const ports = await ensurePorts(paths, userRange());
    await startArgoCdProcesses({ ...options, paths, ports, report });
  });
}

/** Whether the control plane's processes were started as this checkout and toolchain would start them. */
export async function controlPlaneIsCurrent({ root, name, bin }: ClusterOptions & { bin: string }): Promise<boolean> {
  const paths = clusterPaths(name, root);
  const ports = await readPorts(paths);
  return ports !== undefined && areCurrent(paths.run, Object.values(controlPlaneSpecs({ paths, ports, bin })));
}

/** The same for Argo CD's processes, and whether nobody has changed what they find in the cluster. */
export async function argocdIsCurrent(
  options: ClusterOptions & Omit<ArgoCdOptions, "paths" | "ports" | "report">,
): Promise<boolean> {
  const paths = clusterPaths(options.name, options.root);
  const ports = await readPorts(paths);
  if (!ports) return false;
  const { specs } = await argocdProcesses({ ...options, paths, ports });
  if (!(await areCurrent(paths.run, Object.values(specs)))) return false;
  // Without an answer nothing is known to be right, and the start says why.
  return argocdIsIntact({ ...options, paths, ports }).catch(() => false);
}

/** Ends the processes of Argo CD and removes their files; what it stored in the cluster stays there. */
export function stopArgoCd(options: ClusterOptions): Promise<void> {
  return locked(options, async (paths, report) => {
    await stop(paths, report, [[...argocdNames]]);
    await removeArgoCdFiles(paths);
  });
}

/** Ends every process of a cluster and keeps its data. Processes that use others end first. */
export function stopCluster(options: ClusterOptions): Promise<void> {
  const [etcd, apiServer, ...clients] = controlPlaneNames;
  return locked(options, (paths, report) => stop(paths, report, [[...argocdNames], clients, [apiServer], [etcd]]));
}

async function stop(paths: ClusterPaths, report: ReportStep, waves: readonly (readonly string[])[]): Promise<void> {
  for (const names of waves) {
    const processes = await runningProcesses(paths, names);
    for (const { name } of processes) report({ action: "stop", subject: name });
    await stopProcesses(processes);
  }
}

/**
 * Removes a cluster: its processes, its directory and its claim on ports. It is not an error when there is nothing to remove, or
 * when the directory was deleted while the processes ran.
 */
export async function removeCluster(root: string, name: string, report: ReportStep = silent): Promise<void> {
  await locked({ root, name, report }, async (paths) => {
    const all = processesBelow(paths.run);
    const known = await runningProcesses(paths, [...argocdNames, ...controlPlaneNames]);
    const processes = [...all, ...known.filter(({ record }) => all.every((other) => other.record.pid !== record.pid))];
    for (const process of processes) report({ action: "kill", subject: process.name });
    // Their data is removed anyway, so there is no reason to let them finish.
    await killProcesses(processes);
    report({ action: "remove", subject: "the cluster's files" });
    await removeArgoCdFiles(paths);
    await removeTree(paths.home);
    await releaseBlocks(paths, userRange());
    await removeLock(paths);
  });
}

/** Whether there is anything of a cluster on the disk. */
export async function clusterExists(root: string, name: string): Promise<boolean> {
  return access(clusterPaths(name, root).home).then(
    () => true,
    () => false,
  );
}

async function locked<T>(
  { root, name, report = silent }: ClusterOptions,
  work: (paths: ClusterPaths, report: ReportStep) => Promise<T>,
): Promise<T> {
  const paths = clusterPaths(name, root);
  privateDirectory(dirname(dirname(paths.home)));
  privateDirectory(dirname(paths.home));
  const waiting = ({ pid }: { pid: number }) =>
    report({ action: "wait", subject: `process ${pid}, which works on cluster ${name}` });
  return withLock(paths.lock, { poll: 100, waiting }, () => work(paths, report));
}
