import {
  clusterExists,
  clusterPaths,
  controlPlaneIsCurrent,
  readKubeconfig,
  removeCluster,
  startControlPlane,
} from "../runtime";
import { restartable } from "./restartable";

interface Inputs {
  name: string;
}

/** The control plane of an embedded cluster as a Pulumi resource. */
export const implementation = restartable<Inputs, { kubeconfig: string; server: string; version: string }>({
  inputs: ["name"],
  parts: ["cluster"],
  processes: ({ controlPlane }) => controlPlane,
  async start(_inputs, { bin, versions }, place) {
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
