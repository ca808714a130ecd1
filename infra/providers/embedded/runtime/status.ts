import { Api } from "./api";
import { argocdNames } from "./argocd-parameters";
import { clusterPaths, type ClusterPaths } from "./directory";
import { controlPlaneNames } from "./control-plane-specs";
import { answersOk, listens } from "./health";
import { readPki } from "./certificates";
import { livingProcess, pidFile } from "./pid-file";
import { readPorts, type Ports } from "./ports";

export interface ProcessStatus {
  name: string;
  pid?: number;
  /** `dead`: there is no process; `silent`: there is one, but it does not answer. */
  state: "running" | "silent" | "dead";
}

export interface ClusterStatus {
  /** Whether the cluster was ever started, and not removed since. */
  exists: boolean;
  ports?: Ports;
  controlPlane: ProcessStatus[];
  argocd: ProcessStatus[];
}

/** The state of a cluster's processes. It changes nothing and waits for no lock. */
export async function clusterStatus(root: string, name: string): Promise<ClusterStatus> {
  const paths = clusterPaths(name, root);
  const ports = await readPorts(paths);
  const probes = ports ? await probesOf(paths, ports).catch(() => ({})) : {};
  const of = (names: readonly string[]) => Promise.all(names.map((each) => processStatus(paths, each, probes)));
  const [controlPlane, argocd] = await Promise.all([of(controlPlaneNames), of(argocdNames)]);
  return { exists: ports !== undefined, ...(ports ? { ports } : {}), controlPlane, argocd };
}

type Probes = Record<string, () => Promise<boolean>>;

async function processStatus(paths: ClusterPaths, name: string, probes: Probes): Promise<ProcessStatus> {
  const record = await livingProcess(pidFile(paths.run, name));
  if (!record) return { name, state: "dead" };
  const answers = await (probes[name]?.() ?? true);
  return { name, pid: record.pid, state: answers ? "running" : "silent" };
}

async function probesOf(paths: ClusterPaths, ports: Ports): Promise<Probes> {
  const ca = await readPki(paths, "argocd-ca.crt");
  const secured = (port: keyof Ports, user: string, path: string, authority?: string) => async () => {
    const api = await Api.connect(paths, ports[port], user, authority);
    return api.isOk(path).finally(() => api.close());
  };
  return {
    etcd: secured("etcd", "etcd-client", "/health", "etcd-ca"),
    "kube-apiserver": secured("kube-apiserver", "admin", "/readyz"),
    redis: () => listens(ports.redis),
    "repo-server": () => answersOk(ports["repo-server-metrics"], "/healthz"),
    "application-controller": () => answersOk(ports["application-controller-metrics"], "/healthz"),
    "applicationset-controller": () => listens(ports["applicationset-controller-probe"]),
    "argocd-server": () => answersOk(ports["argocd-server"], "/healthz", ca),
  };
}
