import type { RequestOptions } from "node:https";
import { parse } from "yaml";
import { UserError } from "../model/errors";

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

/** Keys that can be used as they are; any other (a plugin, a file, a proxy) is left to the Kubernetes library. */
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
  const isPlain =
    Object.keys(cluster).every((key) => plainCluster.includes(key)) &&
    Object.keys(user).every((key) => plainUser.includes(key));
  return {
    server: new URL(cluster.server),
    options: isPlain ? () => Promise.resolve(plainOptions(cluster, user)) : libraryOptions(text, name),
  };
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

/** The library keeps the token of a plugin until it expires. */
function libraryOptions(text: string, context: string | undefined): () => Promise<RequestOptions> {
  let config: { applyToHTTPSOptions(options: RequestOptions): Promise<void> } | undefined;
  return async () => {
    if (config === undefined) {
      const { KubeConfig } = require("@kubernetes/client-node") as typeof import("@kubernetes/client-node", {
        with: { "resolution-mode": "import" },
      });
      const read = new KubeConfig();
      read.loadFromString(text);
      if (context !== undefined) read.setCurrentContext(context);
      config = read;
    }
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    return options;
  };
}
