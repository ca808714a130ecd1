import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { missingPlugins } from "../support/plugins";

/** What a machine that cannot pull brings along: images that are in its Docker daemon, and the chart as a file. */
export interface Lab {
  nodeImage: string;
  argocdImage: string;
  redisImage: string;
  chart: string;
}

const variables = {
  nodeImage: "ONEBRANCH_E2E_KIND_NODE_IMAGE",
  argocdImage: "ONEBRANCH_E2E_KIND_ARGOCD_IMAGE",
  redisImage: "ONEBRANCH_E2E_KIND_REDIS_IMAGE",
  chart: "ONEBRANCH_E2E_KIND_CHART",
} as const;

function docker(...args: string[]): boolean {
  return spawnSync("docker", args, { stdio: "ignore" }).status === 0;
}

/** The lab of this machine, or the sentence why there is none. */
export function findLab(): Lab | string {
  const lab = {} as Lab;
  for (const [key, variable] of Object.entries(variables) as [keyof Lab, string][]) {
    const value = process.env[variable];
    if (!value) return `${variable} is not set; docs/kind.md says what it names`;
    lab[key] = value;
  }
  if (!docker("info")) return "no Docker daemon answers";
  for (const image of [lab.nodeImage, lab.argocdImage, lab.redisImage]) {
    if (!docker("image", "inspect", image)) return `the Docker daemon has no image ${image}`;
  }
  if (!existsSync(lab.chart)) return `there is no chart ${lab.chart}`;
  return missingPlugins() ?? lab;
}

/** The names of the containers of a kind cluster. */
export function containersOf(cluster: string): string[] {
  const filter = `label=io.x-k8s.kind.cluster=${cluster}`;
  const { stdout } = spawnSync("docker", ["ps", "--all", "--quiet", "--filter", filter], { encoding: "utf8" });
  return stdout.split("\n").filter(Boolean);
}

/** Takes the nodes of a kind cluster away under everybody's feet. */
export function removeNodes(cluster: string): void {
  for (const container of containersOf(cluster)) docker("rm", "--force", "--volumes", container);
}
