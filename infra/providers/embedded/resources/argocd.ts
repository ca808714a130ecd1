import { isDeepStrictEqual } from "node:util";
import { hasUnknown, type ResourceImplementation } from "../../../dynamic/implementation";
import {
  argocdIsCurrent,
  argocdUrl,
  checkoutRoot,
  clusterPaths,
  clusterStatus,
  readPorts,
  startArgoCd,
  stopArgoCd,
  type ConfigMaps,
} from "../runtime";
import { findToolchain } from "../toolchain";
import { stepLog } from "./step-log";
import { requireToolchain } from "./toolchain";

interface Inputs {
  name: string;
  configMaps: ConfigMaps;
  redisPassword: string;
  webhookSecret: string;
}

interface Outputs extends Inputs {
  url: string;
  running: boolean;
}

/** Argo CD of an embedded cluster as a Pulumi resource; its id is the cluster's name. */
export const implementation: ResourceImplementation<Inputs, Outputs> = {
  async create(inputs) {
    return { id: inputs.name, outs: await start(inputs) };
  },

  async update(_id, _olds, news) {
    return { outs: await start(news) };
  },

  async diff(_id, olds, news) {
    if (hasUnknown(news)) return { changes: true };
    if (olds.name !== news.name) return { changes: true, replaces: ["name"], deleteBeforeReplace: true };
    const changed = (["configMaps", "redisPassword", "webhookSecret"] as const).some(
      (key) => !isDeepStrictEqual(olds[key], news[key]),
    );
    return { changes: changed || !(await runs(news.name)) || !(await isCurrent(news)) };
  },

  async read(id, props) {
    const { exists } = await clusterStatus(checkoutRoot(), id);
    if (!exists) return { id: "" };
    return { id, props: { ...props!, running: await runs(id) } };
  },

  async delete(id) {
    await stopArgoCd({ root: checkoutRoot(), name: id, report: stepLog(id) });
  },
};

const parts = ["cluster", "argocd", "kubernetes"] as const;

async function start(inputs: Inputs): Promise<Outputs> {
  const { name, configMaps, redisPassword, webhookSecret } = inputs;
  const root = checkoutRoot();
  const { bin, manifests } = await requireToolchain(parts);
  const report = stepLog(name);
  await startArgoCd({ root, name, bin, manifests, configMaps, redisPassword, webhookSecret, report });
  const ports = await readPorts(clusterPaths(name, root));
  return { name, configMaps, redisPassword, webhookSecret, url: argocdUrl(ports!), running: true };
}

async function runs(name: string): Promise<boolean> {
  const { argocd } = await clusterStatus(checkoutRoot(), name);
  return argocd.every(({ state }) => state === "running");
}

/** Without a toolchain there is nothing to start anew with, and what runs may go on. */
async function isCurrent(inputs: Inputs): Promise<boolean> {
  const toolchain = await findToolchain({ parts });
  return !toolchain || argocdIsCurrent({ ...inputs, ...toolchain, root: checkoutRoot() });
}
