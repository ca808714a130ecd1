import { existsSync } from "node:fs";
import { join } from "node:path";
import { sourceRoot } from "../../../../model/source-root";
import { keyPair } from "./certificates";
import type { ClusterPaths } from "./directory";
import type { Ports } from "./ports";
import type { ProcessSpec } from "./process-spec";
import { tlsFlags } from "./kubeconfig";

/** The control plane's processes in the order they are started. */
export const controlPlaneNames = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
] as const;

export type ControlPlaneName = (typeof controlPlaneNames)[number];
export type ControlPlaneSpecs = Record<ControlPlaneName, ProcessSpec>;

const serviceRange = "10.96.0.0/16";
const podRange = "10.244.0.1/16";
const stages = join(sourceRoot, "infra", "providers", "embedded", "stages.yaml");

interface Options {
  paths: ClusterPaths;
  ports: Ports;
  /** Directory of the programs. */
  bin: string;
}

/** How each process of the control plane is started. */
export function controlPlaneSpecs(options: Options): ControlPlaneSpecs {
  const { paths, bin } = options;
  const spec = (name: ControlPlaneName, rest: Partial<ProcessSpec> & { args: string[] }): ProcessSpec => ({
    name,
    binary: join(bin, name),
    // Configuration in the user's home does not concern the cluster.
    ports: [],
    ...rest,
    env: { HOME: paths.home, ...rest.env },
  });
  return {
    etcd: spec("etcd", etcd(options)),
    "kube-apiserver": spec("kube-apiserver", apiServer(options)),
    "kube-controller-manager": spec("kube-controller-manager", controllerManager(options)),
    "kube-scheduler": spec("kube-scheduler", scheduler(options)),
    kwok: spec("kwok", kwok(options)),
  };
}

function etcd({ paths, ports }: Options): Partial<ProcessSpec> & { args: string[] } {
  const { cert, key } = keyPair(paths, "etcd");
  const ca = keyPair(paths, "etcd-ca").cert;
  const clients = `https://127.0.0.1:${ports.etcd}`;
  const peers = `https://127.0.0.1:${ports["etcd-peer"]}`;
  return {
    ports: ["etcd", "etcd-peer"],
    files: [cert],
    args: [
      "--name=etcd",
      `--data-dir=${paths.etcd}`,
      `--listen-client-urls=${clients}`,
      `--advertise-client-urls=${clients}`,
      `--listen-peer-urls=${peers}`,
      `--initial-advertise-peer-urls=${peers}`,
      `--initial-cluster=etcd=${peers}`,
      ...["", "peer-"].flatMap((prefix) => [
        `--${prefix}cert-file=${cert}`,
        `--${prefix}key-file=${key}`,
        `--${prefix}trusted-ca-file=${ca}`,
        `--${prefix}client-cert-auth=true`,
      ]),
      // What the kernel has taken survives the death of every process; only a power cut may cost the last seconds.
      "--unsafe-no-fsync=true",
      // The only member does not have to wait for others before it leads.
      "--heartbeat-interval=50",
      "--election-timeout=250",
      "--log-level=warn",
    ],
  };
}

function apiServer({ paths, ports }: Options): Partial<ProcessSpec> & { args: string[] } {
  return {
    // Its first seconds are mostly garbage. Collecting it rarely saves a quarter of them; the limit keeps what a few large
    // definitions cost from growing to gigabytes. At half of it a dozen definitions left no room, and collecting took 85 % of a
    // core.
    env: { GOGC: "400", GOMEMLIMIT: "900MiB" },
    ports: ["kube-apiserver"],
    files: [keyPair(paths, "kube-apiserver").cert],
    args: [
      "--bind-address=127.0.0.1",
      // Without it the server looks for the address of a network card, and fails on a machine that has none.
      "--advertise-address=127.0.0.1",
      `--secure-port=${ports["kube-apiserver"]}`,
      `--etcd-servers=https://127.0.0.1:${ports.etcd}`,
      `--etcd-cafile=${keyPair(paths, "etcd-ca").cert}`,
      ...tlsFlags(paths, "etcd-client", "etcd-certfile", "etcd-keyfile"),
      ...tlsFlags(paths, "kube-apiserver", "tls-cert-file", "tls-private-key-file"),
      `--client-ca-file=${keyPair(paths, "ca").cert}`,
      "--anonymous-auth=false",
      "--authorization-mode=RBAC",
      "--allow-privileged=true",
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${join(paths.pki, "service-account.pub")}`,
      `--service-account-signing-key-file=${join(paths.pki, "service-account.key")}`,
      `--service-cluster-ip-range=${serviceRange}`,
      "--endpoint-reconciler-type=none",
      "--profiling=false",
    ],
  };
}

function controllerManager(options: Options): Partial<ProcessSpec> & { args: string[] } {
  const { paths } = options;
  return client(options, "kube-controller-manager", [
    "--leader-elect=false",
    "--secure-port=0",
    "--use-service-account-credentials=true",
    `--service-account-private-key-file=${join(paths.pki, "service-account.key")}`,
    `--root-ca-file=${keyPair(paths, "ca").cert}`,
    // It sends hundreds of requests in its first seconds, and no other client needs the capacity.
    "--kube-api-qps=500",
    "--kube-api-burst=1000",
    "--profiling=false",
  ]);
}

/** What we build has a scheduler of ours; release files have Kubernetes' own. */
function scheduler(options: Options): Partial<ProcessSpec> & { args: string[] } {
  const ours = join(options.bin, "onebranch-scheduler");
  if (existsSync(ours)) return { ...client(options, "kube-scheduler", []), binary: ours };
  return client(options, "kube-scheduler", ["--leader-elect=false", "--secure-port=0"]);
}

function kwok(options: Options): Partial<ProcessSpec> & { args: string[] } {
  const spec = client(options, "kwok", [
    `--config=${stages}`,
    "--manage-all-nodes=true",
    `--cidr=${podRange}`,
    "--node-lease-duration-seconds=40",
  ]);
  return { ...spec, files: [...(spec.files ?? []), stages] };
}

/** A process that listens nowhere and talks to the API server. */
function client({ paths }: Options, user: string, args: string[]): Partial<ProcessSpec> & { args: string[] } {
  const kubeconfig = join(paths.pki, `${user}.kubeconfig`);
  return { files: [kubeconfig], args: [`--kubeconfig=${kubeconfig}`, ...args] };
}
