import { readFile } from "node:fs/promises";
import { isFree } from "../../../../machine/ports";
import { privateDirectory, writeWhole } from "../../../../machine/files";
import { UserError } from "../../../../model/errors";
import { type ClusterPaths } from "./directory";
import { type BlockRange, claimBlock, holdBlock } from "./port-claims";
import { listenerOf } from "./process-table";

/** Every port of a cluster, in the order they take in its block. A new one goes to the end: running clusters keep theirs. */
export const portNames = [
  "kube-apiserver",
  "argocd-server",
  "etcd",
  "etcd-peer",
  "redis",
  "repo-server-metrics",
  "application-controller-metrics",
  "applicationset-controller-probe",
  "applicationset-controller-webhook",
  "argocd-server-metrics",
  "repo-server",
] as const;

export type PortName = (typeof portNames)[number];
export type Ports = Record<PortName, number>;

/**
 * The ports of a cluster: those it had, or else those of a free block, claimed for it among all clusters of this user.
 * Only for the holder of the cluster's lock.
 */
export async function ensurePorts(paths: ClusterPaths, range: BlockRange): Promise<Ports> {
  const known = await readPorts(paths);
  if (known && (await holdBlock(known[portNames[0]], paths, range))) return known;
  const first = await claimBlock(paths, { ...range, isFree: allFree });
  const ports = Object.fromEntries(portNames.map((name, index) => [name, first + index])) as Ports;
  privateDirectory(paths.home);
  writeWhole(paths.ports, `${JSON.stringify(ports, null, 2)}\n`);
  return ports;
}

/** The ports a cluster has; undefined when it has none yet. */
export async function readPorts(paths: ClusterPaths): Promise<Ports | undefined> {
  try {
    const ports = JSON.parse(await readFile(paths.ports, "utf8")) as Partial<Ports>;
    const first = ports[portNames[0]];
    if (!Number.isInteger(first)) return undefined;
    // Ports that a later version of the runtime added lie in the same block.
    return Object.fromEntries(portNames.map((name, index) => [name, first! + index])) as Ports;
  } catch {
    return undefined;
  }
}

async function allFree(first: number): Promise<boolean> {
  const free = await Promise.all(portNames.map((_, index) => isFree(first + index)));
  return free.every(Boolean);
}

/** Refuses ports that another process listens on, before a process of the cluster fails because of them. */
export async function checkPorts(cluster: string, ports: Ports, names: readonly PortName[]): Promise<void> {
  const taken: string[] = [];
  for (const name of names) {
    if (!(await isFree(ports[name]))) taken.push(await takenMessage(cluster, name, ports[name]));
  }
  if (taken.length > 0) throw new UserError(taken.join("\n"), { exitCode: 1 });
}

async function takenMessage(cluster: string, name: PortName, port: number): Promise<string> {
  const holder = await listenerOf(port);
  const who = holder ? `${holder.command} (process ${holder.pid})` : "a process of another user";
  return (
    `port ${port}, which ${name} of cluster ${cluster} needs, is taken by ${who}; ` +
    `end that process and run the command again, or \`onebranch destroy ${cluster}\` and bring it up on other ports`
  );
}
