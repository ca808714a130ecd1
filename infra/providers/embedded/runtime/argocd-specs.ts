import { delimiter, join } from "node:path";
import { gitConfig, gitFiles } from "../../../argocd/git-config";
import { privateDirectory } from "../../../../machine/files";
import { type ArgoCdName, environments } from "./argocd-parameters";
import { keyPair } from "./certificates";
import { type ClusterPaths, removeTree } from "./directory";
import type { Ports } from "./ports";
import type { ProcessSpec } from "./process-spec";
import { askPassSocket } from "./sockets";

/** ConfigMap name to data. */
export type ConfigMaps = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface Options {
  paths: ClusterPaths;
  ports: Ports;
  bin: string;
  configMaps: ConfigMaps;
  redisPassword: string;
  /** The environment of the process that starts them. */
  caller: NodeJS.ProcessEnv;
}

/** Directories of the processes' files, in the cluster's own directory. */
export function argocdFiles(paths: ClusterPaths) {
  const at = (name: string) => join(paths.argocd, name);
  return {
    ssh: at("ssh"),
    tls: at("tls"),
    forGit: at("for-git"),
    /** where repo-server looks for its key pair */
    config: at("config"),
    tmp: at("tmp"),
    home: at("home"),
  };
}

/** Argo CD's one key pair: its servers show it to others, and to each other. */
export const repoServerPair = "argocd-server-tls";

const programs: Record<ArgoCdName, string> = {
  redis: "onebranch-redis",
  "repo-server": "argocd-repo-server",
  "application-controller": "argocd-application-controller",
  "applicationset-controller": "argocd-applicationset-controller",
  "argocd-server": "argocd-server",
};

/** How each process of Argo CD is started. */
export function argocdSpecs(options: Options): Record<ArgoCdName, ProcessSpec> {
  const fromConfigMaps = environments(options.configMaps);
  const at = (port: keyof Ports) => `127.0.0.1:${options.ports[port]}`;
  // repo-server knows its callers by a certificate. Without one, every user of the machine could have this user's repositories
  // rendered.
  const { cert, key } = keyPair(options.paths, repoServerPair);
  const authority = keyPair(options.paths, "argocd-ca").cert;
  const repoServer = (flag: string) => [
    `--${flag}=${at("repo-server")}`,
    `--repo-server-ca-cert-path=${authority}`,
    `--repo-server-client-cert-path=${cert}`,
    `--repo-server-client-cert-key-path=${key}`,
  ];
  const args: Record<ArgoCdName, string[]> = {
    redis: [`--addr=${at("redis")}`],
    "repo-server": [
      "--address=127.0.0.1",
      `--port=${options.ports["repo-server"]}`,
      `--client-ca-path=${authority}`,
      "--metrics-address=127.0.0.1",
      `--metrics-port=${options.ports["repo-server-metrics"]}`,
      `--redis=${at("redis")}`,
    ],
    "application-controller": [
      "--namespace=argocd",
      ...repoServer("repo-server"),
      `--redis=${at("redis")}`,
      `--metrics-port=${options.ports["application-controller-metrics"]}`,
    ],
    "applicationset-controller": [
      "--namespace=argocd",
      ...repoServer("argocd-repo-server"),
      "--metrics-addr=0",
      `--probe-addr=${at("applicationset-controller-probe")}`,
      `--webhook-addr=${at("applicationset-controller-webhook")}`,
    ],
    "argocd-server": [
      "--namespace=argocd",
      "--address=127.0.0.1",
      `--port=${options.ports["argocd-server"]}`,
      "--metrics-address=127.0.0.1",
      `--metrics-port=${options.ports["argocd-server-metrics"]}`,
      ...repoServer("repo-server"),
      `--redis=${at("redis")}`,
    ],
  };
  const ports: Record<ArgoCdName, ProcessSpec["ports"]> = {
    redis: ["redis"],
    "repo-server": ["repo-server", "repo-server-metrics"],
    "application-controller": ["application-controller-metrics"],
    "applicationset-controller": ["applicationset-controller-probe", "applicationset-controller-webhook"],
    "argocd-server": ["argocd-server", "argocd-server-metrics"],
  };
  const spec = (name: ArgoCdName): ProcessSpec => {
    const tmp = join(argocdFiles(options.paths).tmp, name);
    return {
      name,
      binary: join(options.bin, programs[name]),
      args: args[name],
      env: { ...common(options, tmp), ...own(name, options), ...fromConfigMaps[name] },
      passed: passedOn(
        name === "repo-server" ? [argocdFiles(options.paths).forGit, options.bin] : [options.bin],
        options.caller,
      ),
      files: filesOf(name, options.paths),
      ports: ports[name],
      // The next process cannot use what an earlier one left there.
      prepare: async () => {
        await removeTree(tmp);
        privateDirectory(tmp);
      },
    };
  };
  return {
    redis: spec("redis"),
    "repo-server": spec("repo-server"),
    "application-controller": spec("application-controller"),
    "applicationset-controller": spec("applicationset-controller"),
    "argocd-server": spec("argocd-server"),
  };
}

function common({ paths, redisPassword }: Options, tmp: string): Record<string, string> {
  const files = argocdFiles(paths);
  return {
    HOME: files.home,
    TMPDIR: tmp,
    REDIS_PASSWORD: redisPassword,
    ARGOCD_SSH_DATA_PATH: files.ssh,
    ARGOCD_TLS_DATA_PATH: files.tls,
    ARGOCD_GPG_ENABLED: "false",
  };
}

function own(name: ArgoCdName, { paths }: Options): Record<string, string> {
  if (name === "redis") return {};
  if (name === "repo-server") {
    const { config, forGit } = argocdFiles(paths);
    return {
      GIT_CONFIG_GLOBAL: join(forGit, gitConfig.key),
      ARGOCD_ASK_PASS_SOCK: askPassSocket(paths),
      ARGOCD_APP_CONF_PATH: config,
    };
  }
  // "In the cluster" then means: where KUBECONFIG points.
  return { KUBECONFIG: join(paths.pki, `${programs[name]}.kubeconfig`), ARGOCD_FAKE_IN_CLUSTER: "true" };
}

function filesOf(name: ArgoCdName, paths: ClusterPaths): string[] {
  if (name === "redis") return [];
  const authority = keyPair(paths, "argocd-ca").cert;
  if (name !== "repo-server") return [join(paths.pki, `${programs[name]}.kubeconfig`), authority];
  return [authority, ...Object.keys(gitFiles("")).map((file) => join(argocdFiles(paths).forGit, file))];
}

const proxies = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"].flatMap((name) => [name, name.toLowerCase()]);

/** What is needed to find git, helm and our script for kustomize, and to reach repositories elsewhere. */
function passedOn(bin: readonly string[], caller: NodeJS.ProcessEnv): Record<string, string> {
  const names = [...proxies, "SSL_CERT_FILE", "SSL_CERT_DIR"];
  const passed = names.flatMap((name) => (caller[name] ? [[name, caller[name]] as const] : []));
  return {
    ...Object.fromEntries(passed),
    PATH: [...bin, caller.PATH ?? "/usr/local/bin:/usr/bin:/bin"].join(delimiter),
  };
}
