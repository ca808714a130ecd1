import { isDeepStrictEqual } from "node:util";
import { clusterApi, type KubeObject } from "../cluster/api";
import { changedObjects, restoreObjects } from "../cluster/restore";
import { endRefusedOperations, refusedOperations } from "./operations";
import { hasUnknown, type ResourceImplementation } from "../dynamic/implementation";

interface Inputs {
  /** Secret. */
  kubeconfig: string;
  objects: KubeObject[];
}

/**
 * Pulumi compares with its own records, not with the cluster. This resource looks at the objects themselves, in every preview and
 * update, and writes those that somebody changed or deleted.
 */
export const implementation: ResourceImplementation<Inputs, Inputs> = {
  async create(inputs) {
    await restoreAll(inputs);
    return { id: "restoration", outs: inputs };
  },
  async diff(_id, olds, news) {
    if (hasUnknown(news) || !isDeepStrictEqual(olds.objects, news.objects)) return { changes: true };
    return { changes: olds.kubeconfig !== news.kubeconfig || (await areChanged(news)) };
  },
  async update(_id, _olds, news) {
    await restoreAll(news);
    return { outs: news };
  },
};

async function restoreAll({ kubeconfig, objects }: Inputs): Promise<void> {
  const api = clusterApi(kubeconfig);
  await restoreObjects(api, objects);
  await endRefusedOperations(api);
}

/** A preview must not fail because the cluster does not answer; the update will say so. */
async function areChanged({ kubeconfig, objects }: Inputs): Promise<boolean> {
  try {
    const api = clusterApi(kubeconfig);
    const [changed, refused] = await Promise.all([changedObjects(api, objects), refusedOperations(api)]);
    return changed.length > 0 || refused.length > 0;
  } catch {
    return false;
  }
}
