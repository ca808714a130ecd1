import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parse } from "yaml";
import { clusterApi, found, listed, type ClusterApi, type KubeObject } from "../../../infra/cluster/api";
import type { Account } from "./account";
import type { ControlPlanes } from "./rules";
import { types } from "./types";

/** A file of this name in the account's directory: what AWS runs for a cluster does nothing any more. */
export const deadController = "controller-is-dead";

const finalizer = "service.kubernetes.io/load-balancer-cleanup";

/** The control plane of a kubeconfig, for every cluster of the account. */
export function realPlane(kubeconfig: string): ControlPlanes {
  return {
    start() {
      const { clusters } = parse(readFileSync(kubeconfig, "utf8")) as {
        clusters: { cluster: { server: string; "certificate-authority-data": string } }[];
      };
      const { server, "certificate-authority-data": authority } = clusters[0]!.cluster;
      return Promise.resolve({ endpoint: server, authority });
    },
    stop: () => Promise.resolve(),
  };
}

/**
 * Plays what Auto Mode does for a Service of type LoadBalancer: there is a load balancer in a subnet of the cluster as long as the
 * Service is there, and the Service stays until that is gone.
 */
export function playCloud(kubeconfig: string, { ledger }: Pick<Account, "ledger">, directory: string): void {
  void (async () => {
    for (;;) {
      await pause(200);
      const [cluster] = ledger.all(types.cluster);
      if (cluster === undefined || existsSync(join(directory, deadController))) continue;
      try {
        const api = clusterApi(readFileSync(kubeconfig, "utf8"));
        for (const service of await listed(api, "/api/v1/services")) await serve(api, service, cluster.id);
      } catch {
        // The control plane does not answer for a moment; the next look may be better.
      }
    }
  })();

  async function serve(api: ClusterApi, { metadata = {}, spec }: KubeObject, cluster: string): Promise<void> {
    if ((spec as { type?: string }).type !== "LoadBalancer") return;
    const { namespace = "", name = "", finalizers = [], deletionTimestamp, uid } = metadata;
    const id = `lb-${String(uid)}`;
    const path = `/api/v1/namespaces/${namespace}/services/${name}`;
    const patch = (list: string[]) => {
      const body = { metadata: { finalizers: list } };
      return found(api.request("PATCH", path, { contentType: "application/merge-patch+json", body }));
    };
    if (deletionTimestamp !== undefined) {
      ledger.removeWhere((thing) => thing.id === id);
      if (finalizers.includes(finalizer)) await patch(finalizers.filter((one) => one !== finalizer));
      return;
    }
    if (!finalizers.includes(finalizer)) await patch([...finalizers, finalizer]);
    if (ledger.find(types.balancer, id) !== undefined) return;
    const [subnet] = ledger.all(types.subnet);
    const inputs = { subnetId: subnet?.id ?? "" };
    ledger.put({ type: types.balancer, id, region: subnet?.region ?? "", inputs, outputs: {}, madeBy: cluster });
  }
}
