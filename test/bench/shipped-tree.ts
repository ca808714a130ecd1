import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { capabilityNames } from "../../model/capabilities";
import { root } from "../support/root";

/** The tree of this checkout as a large fleet would have it. */
export interface ShippedTree {
  root: string;
  clusters: number;
  addons: number;
  apps: number;
}

export interface ShippedSizes {
  clusters: number;
  components: number;
  /** The checkout whose tree is taken; this one by default. */
  from?: string;
}

const regions = ["us-east-1", "eu-west-1", "eu-central-1", "ap-south-1", "sa-east-1"];
const inEurope = (region: string) => region.startsWith("eu-");
/** What a cluster on EKS with Auto Mode does not have: its load balancers are made outside of it. */
const capabilities = capabilityNames.filter((name) => name !== "aws-load-balancer");

/**
 * Writes the shipped tree with other clusters and apps: all its add-ons, half of the clusters in production and in five
 * regions, and the app `orders` under as many names as make up the number of components.
 */
export function writeShippedTree(directory: string, { clusters, components, from = root }: ShippedSizes): ShippedTree {
  const gitops = join(directory, "gitops");
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(gitops, path)), { recursive: true });
    writeFileSync(join(gitops, path), text);
  };
  cpSync(join(from, "gitops"), gitops, { recursive: true });
  for (const own of ["apps", "clusters"]) rmSync(join(gitops, own), { recursive: true });
  for (let i = 0; i < clusters; i++) {
    const stage = i % 2 === 0 ? "prod" : i % 4 === 1 ? "staging" : "dev";
    const region = regions[Math.floor(i / 2) % regions.length]!;
    const name = `${stage}-${String(i + 1).padStart(3, "0")}`;
    put(
      `clusters/${name}/cluster.yaml`,
      [
        `name: ${name}`,
        `stage: ${stage}`,
        `region: ${region}`,
        "provider: eks",
        'kubernetesVersion: "1.36"',
        `domain: ${name}.onebranch.example`,
        `capabilities: [${capabilities.join(", ")}]`,
        `compliance: [${inEurope(region) ? "gdpr" : ""}]`,
        "",
      ].join("\n"),
    );
  }

  // Before the apps: what their values say of one region is not true of another.
  addRegions(gitops);
  const addons = readdirSync(join(gitops, "addons")).length;
  const apps = Array.from({ length: components - addons }, (_, i) => `orders-${String(i + 1).padStart(2, "0")}`);
  for (const app of apps) copyApp(join(from, "gitops/apps/orders"), join(gitops, "apps", app), app);
  const team = join(gitops, "teams/commerce.yaml");
  const namespaces = apps.map((app) => `  ${app}: { allowFrom: [envoy-gateway-system, monitoring] }\n`).join("");
  if (existsSync(team)) writeFileSync(team, readFileSync(team, "utf8").replace(/^ {2}orders: .*\n/m, namespaces));
  commit(directory);
  return { root: directory, clusters, addons, apps: apps.length };
}

/** Files of regions that the tree does not have: those of a region on the same continent, or of any other. */
function addRegions(gitops: string): void {
  const files = readdirSync(gitops, { recursive: true, encoding: "utf8" });
  for (const directory of files.filter((path) => basename(path) === "regions")) {
    const own = readdirSync(join(gitops, directory)).map((file) => basename(file, ".yaml"));
    for (const region of regions.filter((name) => !own.includes(name))) {
      const model = own.find((name) => inEurope(name) === inEurope(region)) ?? own[0]!;
      const text = readFileSync(join(gitops, directory, `${model}.yaml`), "utf8");
      writeFileSync(join(gitops, directory, `${region}.yaml`), text.replaceAll(model, region));
    }
  }
}

/** An app under another name, in a namespace of its own. */
function copyApp(from: string, to: string, name: string): void {
  cpSync(from, to, { recursive: true });
  for (const stage of readdirSync(join(to, "stages"))) {
    const pin = join(to, "stages", stage, "pin.yaml");
    const text = readFileSync(pin, "utf8");
    writeFileSync(pin, text.replace(/^(component|namespace): orders$/gm, `$1: ${name}`));
  }
}

function commit(directory: string): void {
  const git = (...args: string[]) => execFileSync("git", ["-C", directory, ...args]);
  git("init", "--quiet", "--initial-branch", "main");
  git("add", "--all");
  git("-c", "user.name=bench", "-c", "user.email=bench@example.com", "commit", "--quiet", "--message", "the tree");
}
