import { stepLog } from "./step-log";
import { hasUnknown, type ResourceImplementation } from "../../../dynamic/implementation";
import {
  checkoutRoot,
  clusterExists,
  clusterPaths,
  clusterStatus,
  controlPlaneIsCurrent,
  readKubeconfig,
  removeCluster,
  startControlPlane,
} from "../runtime";
import { findToolchain } from "../toolchain";
import { checkKubernetesVersion, requireToolchain } from "./toolchain";

interface Inputs {
  name: string;
  kubernetesVersion: string;
}

interface Outputs extends Inputs {
  kubeconfig: string;
  server: string;
  version: string;
  running: boolean;
}

/** The control plane of an embedded cluster as a Pulumi resource; its id is the cluster's name. */
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
    const changed = olds.kubernetesVersion !== news.kubernetesVersion;
    return { changes: changed || !(await runs(news.name)) || !(await isCurrent(news.name)) };
  },

  async read(id, props) {
    const root = checkoutRoot();
    const kubeconfig = await readKubeconfig(clusterPaths(id, root));
    // An empty id says that it is gone. A directory without kubeconfig was never started to its end.
    if (!(await clusterExists(root, id)) || kubeconfig === undefined) return { id: "" };
    return { id, props: { ...props!, kubeconfig, running: await runs(id) } };
  },

  async delete(id) {
    await removeCluster(checkoutRoot(), id, stepLog(id));
  },
};

const parts = ["cluster"] as const;

async function start({ name, kubernetesVersion }: Inputs): Promise<Outputs> {
  const { bin, versions } = await requireToolchain(parts);
  checkKubernetesVersion(kubernetesVersion, versions.kubernetes);
  const version = `v${versions.kubernetes}`;
  const report = stepLog(name);
  const { kubeconfig, server } = await startControlPlane({ root: checkoutRoot(), name, bin, version, report });
  return { name, kubernetesVersion, kubeconfig, server, version, running: true };
}

async function runs(name: string): Promise<boolean> {
  const { controlPlane } = await clusterStatus(checkoutRoot(), name);
  return controlPlane.every(({ state }) => state === "running");
}

/** Without a toolchain there is nothing to start anew with, and what runs may go on. */
async function isCurrent(name: string): Promise<boolean> {
  const toolchain = await findToolchain({ parts });
  return !toolchain || controlPlaneIsCurrent({ root: checkoutRoot(), name, bin: toolchain.bin });
}
