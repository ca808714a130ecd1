import { chmod, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { checkoutRoot } from "../../../checkout-root";

/** Where everything of one embedded cluster lies. Everything except the lock and the port claim is below `home`. */
export interface ClusterPaths {
  name: string;
  home: string;
  /** Which ports it has, JSON. */
  ports: string;
  pki: string;
  /** The administrator's. */
  kubeconfig: string;
  etcd: string;
  logs: string;
  /** Pid files, and what each process was started with. */
  run: string;
  argocd: string;
  /** Held while a process starts, stops or removes the cluster. */
  lock: string;
}

/** The places of a cluster; nothing is read or made. */
export function clusterPaths(name: string, root: string = checkoutRoot()): ClusterPaths {
  const clusters = join(root, ".onebranch", "clusters");
  const home = join(clusters, name);
  return {
    name,
    home,
    ports: join(home, "ports.json"),
    pki: join(home, "pki"),
    kubeconfig: join(home, "kubeconfig"),
    etcd: join(home, "etcd"),
    logs: join(home, "logs"),
    run: join(home, "run"),
    argocd: join(home, "argocd"),
    lock: join(clusters, `.${name}.lock`),
  };
}

/** Removes a directory tree, also where repo-server has removed all permissions from its clones. */
export async function removeTree(path: string): Promise<void> {
  const options = { recursive: true, force: true, maxRetries: 20, retryDelay: 50 };
  try {
    await rm(path, options);
  } catch (error) {
    if (!["EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    await openTree(path);
    await rm(path, options);
  }
}

async function openTree(path: string): Promise<void> {
  await chmod(path, 0o700);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isDirectory()) await openTree(join(path, entry.name));
  }
}

/** Removes the lock, and the drafts of it that killed waiters left. Only for the holder of the lock. */
export async function removeLock(paths: ClusterPaths): Promise<void> {
  const directory = dirname(paths.lock);
  const names = await readdir(directory).catch(() => []);
  const prefix = `.${paths.name}.lock`;
  const left = names.filter((name) => name === prefix || name.startsWith(`${prefix}.`));
  await Promise.all(left.map((name) => rm(join(directory, name), { force: true })));
}
