import {
  clusterExists,
  clusterPaths,
  controlPlaneIsCurrent,
  readKubeconfig,
  removeCluster,
  startControlPlane,
} from "../runtime";
import { restartable } from "./restartable";
import { checkKubernetesVersion } from "./toolchain";

interface Inputs {
  name: string;
  kubernetesVersion: string;
}

/** The control plane of an embedded cluster as a Pulumi resource. */
export const implementation = restartable<Inputs, { kubeconfig: string; server: string; version: string }>({
  inputs: ["name", "kubernetesVersion"],
  parts: ["cluster"],
  processes: ({ controlPlane }) => controlPlane,
  async start({ kubernetesVersion }, { bin, versions }, place) {
    checkKubernetesVersion(kubernetesVersion, versions.kubernetes);
    const version = `v${versions.kubernetes}`;
    const { kubeconfig, server } = await startControlPlane({ ...place, bin, version });
    return { kubeconfig, server, version };
  },
  isCurrent: (_inputs, { bin }, place) => controlPlaneIsCurrent({ ...place, bin }),
  async read({ root, name }) {
    const kubeconfig = await readKubeconfig(clusterPaths(name, root));
    // A directory without kubeconfig was never started to its end.
    return kubeconfig === undefined || !(await clusterExists(root, name)) ? undefined : { kubeconfig };
  },
  remove: ({ root, name, report }) => removeCluster(root, name, report),
});
