import type { RequestOptions } from "node:https";
import { parse } from "yaml";
import { UserError } from "../model/errors";
import { execCredentials, type ExecPlugin } from "./exec-credentials";

/** How to reach an API server: its address, and the TLS and header options of a request. */
export interface Credentials {
  server: URL;
  options(): Promise<RequestOptions>;
}

interface Kubeconfig {
  "current-context"?: string;
  contexts?: { name: string; context: { cluster: string; user: string } }[];
  clusters?: { name: string; cluster: Record<string, unknown> }[];
  users?: { name: string; user: Record<string, unknown> }[];
}

/** Keys that can be used as they are; any other (a file, a proxy) is left to the Kubernetes library. */
const plainCluster = ["server", "certificate-authority-data"];
const plainUser = ["client-certificate-data", "client-key-data", "token"];

/**
 * Credentials of a context of a kubeconfig, the current one by default. The Kubernetes library takes longer to load than
 * everything that is asked, so it is only used where a kubeconfig needs more than certificates or a token.
 */
export function readCredentials(text: string, wanted?: string): Credentials {
  const config = (parse(text) ?? {}) as Kubeconfig;
  const name = wanted ?? config["current-context"];
  const context = config.contexts?.find((each) => each.name === name)?.context;
  const cluster = config.clusters?.find((each) => each.name === context?.cluster)?.cluster;
  const user = config.users?.find((each) => each.name === context?.user)?.user ?? {};
  if (cluster === undefined || typeof cluster.server !== "string") {
    throw new UserError(`the kubeconfig has no cluster for the context ${name ?? "(none)"}`, { exitCode: 1 });
  }
  const { exec, ...rest } = user;
  const isPlain =
    Object.keys(cluster).every((key) => plainCluster.includes(key)) &&
    Object.keys(rest).every((key) => plainUser.includes(key));
  const own = isPlain ? () => Promise.resolve(plainOptions(cluster, rest)) : libraryOptions(withoutExec(config), name);
  // The library would let a plugin hang that asks a person.
  const plugin = exec ? execCredentials(exec as ExecPlugin, cluster) : undefined;
  const options = async () => {
    const [found, given] = await Promise.all([own(), plugin?.()]);
    return given === undefined ? found : { ...found, ...given, headers: { ...found.headers, ...given.headers } };
  };
  return { server: new URL(cluster.server), options };
}

function withoutExec(config: Kubeconfig): string {
  const users = config.users?.map(({ name, user: { exec: _, ...user } }) => ({ name, user }));
  return JSON.stringify({ ...config, users });
}

function plainOptions(cluster: Record<string, unknown>, user: Record<string, unknown>): RequestOptions {
  const decoded = (value: unknown) => (typeof value === "string" ? Buffer.from(value, "base64") : undefined);
  const { token } = user;
  return {
    ca: decoded(cluster["certificate-authority-data"]),
    cert: decoded(user["client-certificate-data"]),
    key: decoded(user["client-key-data"]),
    ...(typeof token === "string" && { headers: { authorization: `Bearer ${token}` } }),
  };
}

/** How long what the library has read of files is used, in milliseconds: some are replaced while the tool runs. */
const fresh = 60_000;

function libraryOptions(text: string, context: string | undefined): () => Promise<RequestOptions> {
  let known: { options: RequestOptions; until: number } | undefined;
  return async () => {
    if (known !== undefined && known.until > Date.now()) return known.options;
    const { KubeConfig } = require("@kubernetes/client-node") as typeof import("@kubernetes/client-node", {
      with: { "resolution-mode": "import" },
    });
    const config = new KubeConfig();
    config.loadFromString(text);
    if (context !== undefined) config.setCurrentContext(context);
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    known = { options, until: Date.now() + fresh };
    return options;
  };
}
