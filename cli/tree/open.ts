import { resolve } from "node:path";
import { UserError } from "../../model/errors";
import type { Context, Input } from "../command";
import type { Checkout } from "./checkout";
import type { GitTree } from "./git-tree";
import { Renderer, type ClusterInput, type RendererTree } from "./renderer";
import { unknownName } from "../terminal/fail";

export interface OpenedTree {
  renderer: Renderer;
  /** The working tree, with everything that is not committed yet. */
  tree: RendererTree;
}

/**
 * Opens the working tree of the checkout, lets `work` ask about it, and closes it whatever happens.
 * @param read the working tree, where it is read already
 */
export async function withTree<T>(
  { io, root }: Context,
  input: Input,
  work: (opened: OpenedTree) => Promise<T>,
  read?: { checkout: Checkout; files: GitTree },
): Promise<T> {
  const charts = input.text("charts");
  const renderer = await Renderer.open({
    root: read?.checkout ?? root(),
    env: io.env,
    progress: (text) => io.err(`${text}\n`),
    ...(charts === undefined ? {} : { charts: resolve(io.cwd, charts) }),
    offline: input.flag("offline"),
  });
  try {
    return await work({ renderer, tree: await (read ? renderer.present(read.files) : renderer.tree()) });
  } finally {
    renderer.close();
  }
}

/** What a cluster is, as its Argo CD and the tree know it. */
export interface ClusterFacts {
  name: string;
  stage: string;
  /** Missing in a stage without rings. */
  ring?: string;
  region: string;
  provider: string;
  /** What it declares and its provider can offer. */
  capabilities: string[];
}

/**
 * The facts of a cluster that a command line names.
 * @throws UserError when no cluster has that name, or its files cannot be read
 */
export function findCluster(tree: RendererTree, name: string): ClusterFacts {
  const cluster = tree.clusters.find((candidate) => candidate.name === name);
  if (cluster !== undefined) return factsOf(cluster);
  const broken = tree.unreadable.find((candidate) => candidate.cluster === name);
  if (broken !== undefined) throw new UserError(`the cluster ${name} cannot be read: ${broken.reason}`);
  throw unknownName(
    "cluster",
    name,
    [...tree.clusters, ...tree.unreadable.map((c) => ({ name: c.cluster }))].map((c) => c.name),
  );
}

export function factsOf({ name, secrets }: ClusterInput): ClusterFacts {
  const { labels = {}, annotations = {} } = secrets[0] ?? {};
  const { stage = "", ring, region = "", provider = "" } = labels;
  const list = (annotations.capabilities ?? "").replace(/[{}]/g, "");
  const offered = list.split(",").filter((part) => part !== "");
  return { name, stage, ...(ring !== undefined && { ring }), region, provider, capabilities: offered };
}

/** Names of all components that any of the trees has a directory for, sorted. */
export function componentNames(...trees: readonly RendererTree[]): string[] {
  const entries = trees.flatMap(({ files }) => files.entries);
  return [
    ...new Set(entries.flatMap(({ path }) => /^gitops\/(?:addons|apps)\/([^/]+)\//.exec(path)?.[1] ?? [])),
  ].sort();
}

/** The directory of a component, such as gitops/apps/orders; undefined when there is none. */
export function componentDirectory(tree: RendererTree, name: string): string | undefined {
  const groups = ["gitops/addons", "gitops/apps"].map((group) => `${group}/${name}`);
  return groups.find((directory) => tree.files.entries.some(({ path }) => path.startsWith(`${directory}/`)));
}
