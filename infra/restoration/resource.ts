import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Release } from "../argocd/helm-records";
import { releaseObjects } from "../argocd/manifest";
import { clusterApi, type ClusterApi, type KubeObject } from "../cluster/api";
import { changedObjects, restoreObjects } from "../cluster/restore";
import { endRefusedOperations, refusedOperations } from "./operations";
import { restartPods } from "./pods";
import { hasUnknown, type ResourceImplementation } from "../dynamic/implementation";

interface Inputs {
  /** Secret. */
  kubeconfig: string;
  objects: KubeObject[];
  /** The release whose objects are restored too. */
  release?: Release;
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
    const same = isDeepStrictEqual([olds.objects, olds.release], [news.objects, news.release]);
    if (hasUnknown(news) || !same) return { changes: true };
    return { changes: olds.kubeconfig !== news.kubeconfig || (await areChanged(news)) };
  },
  async update(_id, _olds, news) {
    await restoreAll(news);
    return { outs: news };
  },
};

/** For a moment after one of Argo CD's definitions was restored, the API server knows none of its objects. */
async function restoreAll(inputs: Inputs): Promise<void> {
  const api = clusterApi(inputs.kubeconfig);
  const objects = await allObjects(api, inputs);
  let changed: KubeObject[] | undefined;
  for (let left = 5; ; left--) {
    try {
      changed ??= await changedObjects(api, objects);
      await restoreObjects(api, objects);
      if (inputs.release) await restartPods(api, inputs.release, changed);
      await endRefusedOperations(api);
      return;
    } catch (error) {
      if (left === 0) throw error;
      await pause(1000);
    }
  }
}

async function allObjects(api: ClusterApi, { objects, release }: Inputs): Promise<KubeObject[]> {
  return [...objects, ...(release ? await releaseObjects(api, release) : [])];
}

/** A preview must not fail because the cluster does not answer. What cannot be read is to be written, and `up` says why it fails. */
async function areChanged(inputs: Inputs): Promise<boolean> {
  try {
    const api = clusterApi(inputs.kubeconfig);
    const changing = allObjects(api, inputs).then((objects) => changedObjects(api, objects));
    const [changed, refused] = await Promise.all([changing, refusedOperations(api)]);
    return changed.length > 0 || refused.length > 0;
  } catch {
    return true;
  }
}
