import { mkdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { writeWhole } from "../../../machine/files";
import { UserError } from "../../../model/errors";
import { checkoutRoot } from "../../checkout-root";
import { clusterApi, type ClusterApi } from "../../cluster/api";
import { serverOf } from "../../../model/kubeconfig";
import type { ResourceImplementation } from "../../dynamic/implementation";
import { eksKubeconfig } from "./kubeconfig";

interface AccessInputs {
  stack: string;
  kubeconfig: string;
}

/** How long a fresh cluster is waited for, and between two tries, in milliseconds. */
export interface Patience {
  limit: number;
  interval: number;
}

const patience: Patience = { limit: 300_000, interval: 2_000 };

/**
 * Waits until the API server lets this login in: AWS takes seconds to publish the name of the server, and to tell it about a new
 * administrator.
 * @throws UserError with what keeps the login out when the patience ends
 */
export async function untilAdmitted(
  api: ClusterApi,
  kubeconfig: string,
  { limit, interval }: Patience = patience,
): Promise<void> {
  const end = Date.now() + limit;
  for (;;) {
    const problem = await problemOf(api, kubeconfig);
    if (problem === undefined) return;
    if (Date.now() >= end) throw new UserError(problem, { exitCode: 1 });
    await pause(interval);
  }
}

async function problemOf(api: ClusterApi, kubeconfig: string): Promise<string | undefined> {
  const server = serverOf(kubeconfig);
  try {
    const { status, body } = await api.request("GET", "/api/v1/namespaces/kube-system");
    if (status === 200) return undefined;
    return (
      `the API server ${server} does not let this login in (${status} ${body.message ?? "no reason given"}); ` +
      "look whether `aws sts get-caller-identity` shows one of eksAdmins"
    );
  } catch (error) {
    return (
      `the API server ${server} cannot be reached from here (${error instanceof Error ? error.message : String(error)}); ` +
      "without eksPublicCidrs it answers inside its network only: run this there or through a VPN, or name your addresses in eksPublicCidrs"
    );
  }
}

function writeKubeconfig(path: string, kubeconfig: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeWhole(path, `${kubeconfig}\n`);
}

function isWritten(path: string, kubeconfig: string): boolean {
  try {
    return readFileSync(path, "utf8") === `${kubeconfig}\n`;
  } catch {
    return false;
  }
}

/** The way into a cluster: the kubeconfig on this machine, and an API server that lets this login in. */
export const implementation: ResourceImplementation<AccessInputs, AccessInputs> = {
  async create(inputs) {
    await enter(inputs);
    return { id: inputs.stack, outs: inputs };
  },
  // On another machine the file is not there yet.
  diff: (_id, olds, news) =>
    Promise.resolve({
      changes:
        olds.kubeconfig !== news.kubeconfig || !isWritten(eksKubeconfig(checkoutRoot(), news.stack), news.kubeconfig),
    }),
  async update(_id, _olds, news) {
    await enter(news);
    return { outs: news };
  },
  delete(_id, { stack }) {
    const path = eksKubeconfig(checkoutRoot(), stack);
    rmSync(path, { force: true });
    try {
      rmdirSync(dirname(path));
    } catch {
      // Another stack's file is in it.
    }
    return Promise.resolve();
  },
};

async function enter({ stack, kubeconfig }: AccessInputs): Promise<void> {
  writeKubeconfig(eksKubeconfig(checkoutRoot(), stack), kubeconfig);
  await untilAdmitted(clusterApi(kubeconfig), kubeconfig);
}
