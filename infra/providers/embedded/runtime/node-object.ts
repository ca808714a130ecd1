import { arch } from "node:process";
import type { Api, KubernetesObject } from "./api";

const name = "embedded";
const resources = { cpu: "64", memory: "256Gi", "ephemeral-storage": "1Ti", pods: "1000" };

/** The one node of a cluster. It claims to be larger than the machine, because pods on it use no resources. */
function nodeObject(cluster: string, version: string): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": arch === "arm64" ? "arm64" : "amd64",
        "node-role.kubernetes.io/worker": "",
        "onebranch.dev/cluster": cluster,
      },
      annotations: { "kwok.x-k8s.io/node": "fake" },
    },
    spec: { podCIDR: "10.244.0.0/16", podCIDRs: ["10.244.0.0/16"] },
    status: {
      capacity: resources,
      allocatable: resources,
      addresses: [
        { type: "InternalIP", address: "127.0.0.1" },
        { type: "Hostname", address: name },
      ],
      nodeInfo: {
        kubeletVersion: version,
        kubeProxyVersion: "",
        containerRuntimeVersion: "kwok://none",
        operatingSystem: "linux",
        architecture: arch === "arm64" ? "arm64" : "amd64",
        kernelVersion: "",
        osImage: "onebranch embedded (no containers run here)",
        bootID: "",
        machineID: "",
        systemUUID: "",
      },
    },
  };
}

/** Registers the node, as a kubelet would. */
export async function registerNode(api: Api, cluster: string, version: string): Promise<void> {
  await api.create("/api/v1/nodes", nodeObject(cluster, version));
}

/** Whether KWOK has taken the node over. */
export async function nodeIsReady(api: Api): Promise<boolean> {
  const node = await api.get<{ status?: { conditions?: { type: string; status: string }[] } }>(`/api/v1/nodes/${name}`);
  return node?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}
