import { clusterApi, found, type ClusterApi } from "../cluster/api";
import type { ResourceImplementation } from "../dynamic/implementation";

interface Inputs {
  /** Secret. */
  kubeconfig: string;
}

type Outputs = Inputs & { served: boolean };

/** Where the API server serves ServiceMonitors. */
const monitors = "/apis/monitoring.coreos.com/v1";

/** Whether the cluster has the kinds of the Prometheus Operator. */
export async function servesMonitors(api: ClusterApi): Promise<boolean> {
  return (await found(api.request("GET", monitors))) !== undefined;
}

/**
 * Looks in every run whether ServiceMonitors can be made. On a new cluster they cannot: their definition comes with an add-on,
 * after Argo CD. The next run makes them.
 */
export const implementation: ResourceImplementation<Inputs, Outputs> = {
  async create(inputs) {
    return { id: "monitoring", outs: { ...inputs, served: await servesMonitors(clusterApi(inputs.kubeconfig)) } };
  },
  async diff(_id, olds, news) {
    return { changes: olds.kubeconfig !== news.kubeconfig || (await servedNow(news, olds.served)) !== olds.served };
  },
  async update(_id, _olds, news) {
    return { outs: { ...news, served: await servesMonitors(clusterApi(news.kubeconfig)) } };
  },
};

/** A preview must not fail because the cluster does not answer; the update will say so. */
async function servedNow({ kubeconfig }: Inputs, known: boolean): Promise<boolean> {
  try {
    return await servesMonitors(clusterApi(kubeconfig));
  } catch {
    return known;
  }
}
