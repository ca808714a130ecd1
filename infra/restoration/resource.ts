import { setTimeout as pause } from "node:timers/promises";
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

/** For a moment after one of Argo CD's definitions was restored, the API server knows none of its objects. */
async function restoreAll({ kubeconfig, objects }: Inputs): Promise<void> {
  const api = clusterApi(kubeconfig);
  for (let left = 5; ; left--) {
    try {
      await restoreObjects(api, objects);
      await endRefusedOperations(api);
      return;
    } catch (error) {
      if (left === 0) throw error;
      await pause(1000);
    }
  }
}

/** A preview must not fail because the cluster does not answer: what cannot be looked at is written, and that says why it fails. */
async function areChanged({ kubeconfig, objects }: Inputs): Promise<boolean> {
  try {
    const api = clusterApi(kubeconfig);
    const [changed, refused] = await Promise.all([changedObjects(api, objects), refusedOperations(api)]);
    return changed.length > 0 || refused.length > 0;
  } catch {
    return true;
  }
}
