import { clusterApi } from "../cluster/api";
import type { ResourceImplementation } from "../dynamic/implementation";
import { drain } from "./drain";
import { Patience } from "./patience";

interface DrainInputs {
  /** Secret. */
  kubeconfig: string;
  cluster: string;
  /** How long a drain may take in all. */
  seconds: number;
  /** Whether the cluster itself goes with the stack. */
  whole?: boolean;
}

/** Nothing while the stack lives; on its deletion the cluster is emptied first. */
export const implementation: ResourceImplementation<DrainInputs, DrainInputs> = {
  create: (inputs) => Promise.resolve({ id: inputs.cluster, outs: inputs }),
  // The login that destroy will use is the one of the last `up`.
  update: (_id, _olds, news) => Promise.resolve({ outs: news }),
  diff: (_id, olds, news) =>
    Promise.resolve({
      changes: olds.kubeconfig !== news.kubeconfig || olds.seconds !== news.seconds || olds.whole !== news.whole,
      replaces: olds.cluster === news.cluster ? [] : ["cluster"],
    }),
  async delete(_id, { kubeconfig, seconds, whole }) {
    await drain(clusterApi(kubeconfig), new Patience(seconds), whole);
  },
};
