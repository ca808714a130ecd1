/** The trees that both sides are asked about, each a Git repository of its own that Argo CD can clone. */
import { appendFileSync, cpSync, existsSync, globSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Renderer, type ClusterInput, type Follow } from "../../../cli/tree/renderer";
import type { ClusterScope } from "../../../model/admission/policy";
import { commitFleet } from "../../fleet/commit";
import { generateFleet } from "../../fleet/generate";
import { randomTree } from "../../fleet/trees/tree";
import { addBootstrap, addRingTree } from "../../support/fixtures";
import { fixtures } from "../../support/paths";
import { root as repository } from "../../support/root";
import type { Part } from "./oracle";

export interface OracleTree {
  title: string;
  /** Writes the tree into a directory that does not exist yet, and commits it; says why there is nothing to render. */
  make: (root: string) => string | undefined;
}

/** The tree that this repository ships. */
export const shipped: OracleTree = {
  title: "shipped",
  make: (root) => write(root, (at) => cpSync(join(repository, "gitops"), join(at, "gitops"), { recursive: true })),
};

/** Three stages in two regions, with exceptions and canaries. */
export const sixClusters: OracleTree = {
  title: "six clusters",
  make(root) {
    mkdirSync(root, { recursive: true });
    // Without an image of one's own each cluster of a stage would be the same: exceptions and canaries are frequent here.
    generateFleet(root, { seed: 4, clusters: 6, components: 10, charts: 5, exceptions: 0.15, canaries: 0.15 });
    return undefined;
  },
};

/** The common tree of the fixtures of `check`, with this repository's own bootstrap chart. */
export const checkFixture: OracleTree = {
  title: "test/fixtures/check/tree",
  make: (root) => write(root, (at) => layCheckTree(at)),
};

/** A stage with three rings, in which components are on their way, one of them new in the stage. */
export const ringTree: OracleTree = {
  title: "test/fixtures/rings",
  make: (root) => write(root, (at) => addRingTree(at)),
};

const patched = `facts:
  pods: name
  global.zone: region
  global.host: domain
ignoreDifferences:
  - kind: ResourceQuota
    name: quotas
    jqPathExpressions: ['.spec.hard["count/pods"]']
    jsonPointers: [/spec/hard/pods]
`;

/** Add-ons of a chart repository and of the tree itself with what the ApplicationSets' patches add. */
export const patchedTree: OracleTree = {
  title: "pins with facts and ignored differences",
  make: (root) =>
    write(root, (at) => {
      layCheckTree(at);
      const thirdParty = join("gitops", "addons", "cert-manager");
      cpSync(join(fixtures, "tree", thirdParty), join(at, thirdParty), { recursive: true });
      for (const pin of globSync("gitops/addons/*/stages/*/pin.yaml", { cwd: at })) {
        appendFileSync(join(at, pin), patched);
      }
    }),
};

/** Writes that tree, and over it what a case brings. */
export function layCheckTree(root: string, over?: string): void {
  cpSync(join(fixtures, "check", "tree"), root, { recursive: true, verbatimSymlinks: true });
  if (over && existsSync(over)) cpSync(over, join(root, "gitops"), { recursive: true, verbatimSymlinks: true });
  addBootstrap(root);
}

/** The valid trees of the model's tests. */
export const validFixtures: OracleTree[] = readdirSync(join(fixtures, "valid")).map((name) => ({
  title: `test/fixtures/valid/${name}`,
  make(root) {
    const from = join(fixtures, "valid", name);
    if (!existsSync(join(from, "gitops"))) return "it is not a tree";
    if (!existsSync(join(from, "gitops", "bootstrap")))
      return "it has cluster.yaml and stage files only, and no bootstrap chart";
    return write(root, (at) => cpSync(from, at, { recursive: true, verbatimSymlinks: true }));
  },
}));

/** Makes a directory, has it filled, and commits what is in it. */
export function write(root: string, fill: (root: string) => void): undefined {
  mkdirSync(root, { recursive: true });
  fill(root);
  commitFleet(root, "what the oracle looks at");
}

/** How Argo CD is told to follow a repository of the oracle. */
function followOf(root: string): Follow {
  return { repoURL: `file://${root}`, revision: "main", pollSeconds: 180 };
}

/** Opens a tree and gives it as each of its clusters sees it; clusters whose files cannot be read are not there. */
export async function partsOf(
  title: string,
  root: string,
): Promise<{ renderer: Renderer; parts: (Part & { scope: ClusterScope })[] }> {
  const renderer = await Renderer.open({ root, env: process.env, follow: followOf(root), offline: true });
  const open = await renderer.tree("HEAD");
  const parts = open.clusters.map((cluster) => ({
    title: `${title} ${cluster.name}`,
    renderer,
    scope: cluster.scope!,
    open: { ...open, clusters: [cluster] },
  }));
  return { renderer, parts };
}

/** A random tree under names of its own, so that many of them can be compared at once. */
export async function randomPart(seed: number, root: string): Promise<Part> {
  const prefix = `t${seed}`;
  randomTree(root, seed, prefix);
  const { parts } = await partsOf(`seed ${seed}`, root);
  const part = parts[0]!;
  const clusters = part.open.clusters.map((cluster) => renamed(cluster, prefix));
  return { ...part, open: { ...part.open, clusters } };
}

/**
 * The root set and its Application get the prefix, which all else of a random tree has already; of several clusters at once the
 * admission policy of none can be there.
 */
function renamed(cluster: ClusterInput, prefix: string): ClusterInput {
  const roots = structuredClone(cluster.roots) as {
    metadata: { name: string };
    spec: { template: { metadata: { name: string } } };
  }[];
  for (const { metadata, spec } of roots) {
    metadata.name = `${prefix}-${metadata.name}`;
    spec.template.metadata.name = `${prefix}-${spec.template.metadata.name}`;
  }
  return { ...cluster, roots, scope: undefined };
}
