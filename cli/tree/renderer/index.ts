import { join } from "node:path";
import { cacheRoot } from "../../../machine/cache.cjs";
import { rendererBinary, rendersBound } from "./binary";
import { uncompared } from "../changes/same-change";
import { treeClusters, type UnreadableCluster } from "../clusters";
import { Checkout } from "../checkout";
import { mainBranch, mergeBase } from "../git";
import { readLimits } from "./limits";
import { RendererProcess } from "./process";
import { admission } from "../../../model/admission/applications";
import { boundary, isNearBoundary } from "../../../model/admission/boundary";
import type { Admission } from "../../../model/admission/policy";
import { readRegistrations } from "../../../model/admission/registrations";
import { givesRights, rights } from "../../../model/admission/rights";
import { TreeFiles } from "../../../model/files";
import type { Follow } from "../../../model/root";
import { readTeams } from "../../../model/teams";
import type { GitTree } from "../git-tree";
import type {
  ChartUse,
  ClusterInput,
  Difference,
  Expansion,
  FileValues,
  Filter,
  KubernetesObject,
  PodLevel,
  Rendering,
  UnknownOfUse,
  ValuesAnswer,
} from "./types";

export type * from "./types";
export type { TreeEntry } from "../git-objects";
export type { GitTree } from "../git-tree";
export type { Follow } from "../../../model/root";
export type { UnreadableCluster } from "../clusters";

export interface RendererOptions {
  /** The directory of a checkout or a bare repository, or one that is opened already. */
  root: string | Checkout;
  env: Readonly<Record<string, string | undefined>>;
  progress?: (text: string) => void;
  /** What Applications are assumed to say about the repository, the same on both sides of a comparison. */
  follow?: Partial<Follow>;
  /** Directory with packed third-party charts. */
  charts?: string;
  /** Never pull a chart. */
  offline?: boolean;
  /** Bytes of memory at which a render is stopped; by default the environment or the machine decides. */
  memory?: number;
  /** Seconds after which a render is stopped; default: what the environment says, or 10. */
  renderSeconds?: number;
  /** Renders at a time. */
  workers?: number;
  /** The renderer's program; built when it is missing. */
  binary?: string;
}

/** A tree that the renderer knows by name, with its clusters. */
export interface RendererTree {
  name: string;
  files: GitTree;
  clusters: ClusterInput[];
  /** Clusters whose cluster.yaml or stage cannot be read: nothing of them is expanded. */
  unreadable: UnreadableCluster[];
  /** Webhook configurations and API services that add-ons may make, as `add-on/name`. */
  registrations: readonly string[];
}

/** Answers what trees make, without any cluster. One process serves one run of the tool; close it at the end. */
export class Renderer {
  private readonly sent = new Set<string>();
  private readonly admitted: Promise<unknown>;
  private count = 0;

  private constructor(
    readonly checkout: Checkout,
    private readonly process: RendererProcess,
    private readonly follow: Follow,
  ) {
    this.admitted = process.request({ op: "admission", admission });
    // The first request for a tree reports the error.
    this.admitted.catch(() => undefined);
  }

  /** @throws UserError when the directory is not a repository, or the renderer cannot be built */
  static async open(options: RendererOptions): Promise<Renderer> {
    const { env, root, progress, binary } = options;
    const [checkout, program] = await Promise.all([
      typeof root === "string" ? Checkout.open(root) : root,
      binary ?? rendererBinary({ env, ...(progress ? { progress } : {}) }),
    ]);
    const process = new RendererProcess(program, programArguments(options));
    const follow = { repoURL: "https://git.invalid/tree.git", revision: "main", pollSeconds: 180, ...options.follow };
    return new Renderer(checkout, process, follow);
  }

  /** The tree of a revision; undefined means the working tree with everything that is not committed. */
  async tree(revision?: string): Promise<RendererTree> {
    return this.present(await this.checkout.tree(revision));
  }

  /** A tree as it would be with other texts in some files; nothing is written. */
  overlay(
    { files: below }: RendererTree,
    files: readonly { path: string; text: string | null }[],
  ): Promise<RendererTree> {
    return this.present(below.with(files));
  }

  /** Gives a tree of the checkout to the renderer. */
  async present(files: GitTree): Promise<RendererTree> {
    const { commit } = files;
    await this.admitted;
    const name = `${commit ?? "working tree"} ${this.count++}`;
    const wanted = files.entries.filter(({ path }) => path.startsWith("gitops/"));
    await this.supply(wanted.map(({ oid }) => oid));
    const answer = this.process.request(
      {
        op: "tree",
        tree: name,
        repoURL: this.follow.repoURL,
        revision: this.follow.revision,
        commit: commit ?? "",
        entries: files.entries.map(({ path, mode, oid }) => [path, mode, oid]),
      },
      (oids) => this.fetch(files, oids),
    );
    // The files of the clusters are read while the renderer takes in the tree.
    const clusters = treeClusters(files, this.follow);
    const { registrations } = readRegistrations(files);
    await answer;
    return { name, files, registrations, ...clusters };
  }

  /** The commit that work on `head` started from: its merge base with the main branch; undefined without such a branch. */
  async base(head = "HEAD"): Promise<string | undefined> {
    const { repository } = this.checkout;
    const branch = await mainBranch(repository);
    return branch === undefined ? undefined : mergeBase(repository, branch, head);
  }

  /** Every Application of every cluster, with its value files in order. */
  expand(tree: RendererTree, filter: Filter = {}): Promise<Expansion> {
    const clusters = only(tree.clusters, filter);
    return this.process.request<Expansion>({ op: "expand", tree: tree.name, clusters }, (oids) =>
      this.fetch(tree.files, oids),
    );
  }

  /** What the Applications of a tree deploy; clusters with the same manifests are together. */
  render(tree: RendererTree, filter: Filter = {}): Promise<Rendering> {
    const request = { op: "render", tree: tree.name, clusters: only(tree.clusters, filter), filter };
    return this.process.request<Rendering>(request, (oids) => this.fetch(tree.files, oids));
  }

  /** What differs between two trees, the same change of many clusters once. */
  diff(base: RendererTree, head: RendererTree, filter: Filter = {}): Promise<Difference> {
    const side = ({ name, clusters }: RendererTree) => ({ tree: name, clusters: only(clusters, filter) });
    return this.process.request<Difference>(
      { op: "diff", base: side(base), head: side(head), filter, uncompared },
      async (oids) => {
        await this.fetch(base.files, oids).catch(() => this.fetch(head.files, oids));
      },
    );
  }

  /** Manifests by the ids of `render` and `diff`. */
  async documents(ids: readonly string[]): Promise<Map<string, KubernetesObject>> {
    const unique = [...new Set(ids)];
    if (unique.length === 0) return new Map();
    const found = await this.process.request<Record<string, KubernetesObject>>({ op: "documents", ids: unique });
    return new Map(Object.entries(found));
  }

  /** Why Argo CD may not write some of the resources of a tree, by the ids of their manifests. */
  async refusals(
    { registrations, files }: RendererTree,
    resources: readonly { id: string; apiVersion: string; kind: string; namespace?: string }[],
  ): Promise<Map<string, string>> {
    const scope = { registrations: registrations.join(" ") };
    const giving = resources.filter(givesRights);
    const namespaces = giving.length === 0 ? noNames : teamNamespaces(files);
    const ofTeams = giving.filter(({ namespace = "" }) => namespaces.has(namespace));
    const judged = await Promise.all([
      this.judge(boundary, scope, resources.filter(isNearBoundary)),
      this.judge(rights, scope, ofTeams),
    ]);
    return new Map(judged.flat());
  }

  private async judge(
    admission: Admission,
    scope: Record<string, string>,
    resources: readonly { id: string }[],
  ): Promise<[string, string][]> {
    const ids = [...new Set(resources.map(({ id }) => id))];
    if (ids.length === 0) return [];
    return Object.entries(await this.process.request<Record<string, string>>({ op: "judge", admission, scope, ids }));
  }

  /** Why a namespace of a level of Pod Security refuses pods, by the ids of the manifests that make them. */
  async podRefusals(pods: PodLevel, ids: readonly string[]): Promise<Map<string, string>> {
    const request = { op: "pods", pods, ids: [...new Set(ids)] };
    return new Map(Object.entries(await this.process.request<Record<string, string>>(request)));
  }

  /** Where the values of an Application come from, and for some of them whether its manifests depend on them. */
  values(
    tree: RendererTree,
    cluster: string,
    application: string,
    probe: readonly (readonly string[])[] = [],
  ): Promise<ValuesAnswer> {
    const clusters = only(tree.clusters, { clusters: [cluster] });
    const request = { op: "values", tree: tree.name, clusters, values: { application, probe } };
    return this.process.request<ValuesAnswer>(request, (oids) => this.fetch(tree.files, oids));
  }

  /** What files of a tree set, with lines. */
  async fileValues(tree: RendererTree, files: readonly string[]): Promise<FileValues[]> {
    const request = { op: "file-values", tree: tree.name, files };
    const answer = await this.process.request<{ files: FileValues[] }>(request, (oids) => this.fetch(tree.files, oids));
    return answer.files;
  }

  /** What third-party charts do not read of the values that are set for them, in the order of the charts. */
  async unknownValues(tree: RendererTree, uses: readonly ChartUse[]): Promise<UnknownOfUse[]> {
    if (uses.length === 0) return [];
    const charts = uses.map(({ repoURL, chart, version, files, parameters }) => ({
      ...{ repoURL, chart, version, files, parameters },
    }));
    const request = { op: "unknown-values", tree: tree.name, charts };
    const answer = await this.process.request<{ charts: UnknownOfUse[] }>(request, (oids) =>
      this.fetch(tree.files, oids),
    );
    return answer.charts;
  }

  close(): void {
    this.process.close();
  }

  private async fetch(files: GitTree, oids: readonly string[]): Promise<void> {
    await files.load(oids);
    await this.supply(oids);
  }

  private async supply(oids: readonly string[]): Promise<void> {
    const fresh: [string, Buffer][] = [];
    for (const oid of oids) {
      const content = this.checkout.blobs.get(oid);
      if (content === undefined || this.sent.has(oid)) continue;
      this.sent.add(oid);
      fresh.push([oid, content]);
    }
    await this.process.sendBlobs(fresh);
  }
}

function only(clusters: ClusterInput[], { clusters: wanted = [] }: Filter): ClusterInput[] {
  return wanted.length === 0 ? clusters : clusters.filter(({ name }) => wanted.includes(name));
}

function programArguments(options: RendererOptions): string[] {
  const { charts, offline, workers, env } = options;
  const limits = readLimits(env);
  const cache = cacheRoot(env);
  const bound = rendersBound(env);
  return [
    ...(charts === undefined ? [] : ["-charts", charts]),
    ...["-chart-cache", join(cache, "charts"), "-renders", join(cache, "renders")],
    ...(bound === undefined ? [] : ["-renders-bound", String(bound)]),
    ...(offline ? ["-offline"] : []),
    ...["-memory", String(options.memory ?? limits.memory)],
    ...["-render-time", `${options.renderSeconds ?? limits.renderSeconds}s`],
    ...(workers === undefined ? [] : ["-workers", String(workers)]),
  ];
}

const noNames: ReadonlySet<string> = new Set();

function teamNamespaces(files: GitTree): ReadonlySet<string> {
  const { namespaces } = readTeams(files, new TreeFiles(files), []);
  return new Set(namespaces.map(({ namespace }) => namespace));
}
