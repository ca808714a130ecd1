import { clusterStatus } from "../../../infra/providers/embedded/runtime";
import { ArgoCdApi } from "../support/argocd";
import type { Checkout } from "../support/checkout";
import { Cluster } from "../support/cluster";
import { Oracle } from "./oracle";

/** Connects to the Argo CD of a checkout's embedded cluster. */
export async function connect(
  checkout: Pick<Checkout, "root" | "tmp">,
  name: string,
  address: string,
): Promise<Oracle> {
  const cluster = await Cluster.of(checkout as Checkout, name);
  return new Oracle(cluster, await ArgoCdApi.login(cluster, address));
}

/** Stops or continues the application-controller of a cluster, which otherwise would sync what is only to be compared. */
export async function hold(root: string, name: string, signal: "SIGSTOP" | "SIGCONT"): Promise<void> {
  const { argocd } = await clusterStatus(root, name);
  const pid = argocd.find((process) => process.name === "application-controller")?.pid;
  if (pid !== undefined) process.kill(pid, signal);
}
