import type {
  ApplicationChange,
  ChartUse,
  Difference,
  DroppedDocument,
  Expansion,
  ExpandedApplication,
  Failure,
  KubernetesObject,
  PodLevel,
  RendererTree,
  Rendering,
  RepeatedResource,
  Resource,
  Renderer,
  UnknownOfUse,
} from "../../tree/renderer";
import type { GitTree } from "../../tree/git-tree";
import { groupBy } from "../../../model/group-by";
import { clusterFile } from "../../../model/identity";
import { argoCdNamespace } from "../../../model/root";
import { makesPods } from "../../tree/kubernetes/pod-makers";
import { withoutStopped } from "../../tree/changes/stopped-sets";
import { someOf } from "../../terminal/table";
import type { Project } from "../../tree/project";
import type { At } from "./at";
import type { SourceFiles } from "./source/files";

/** One rendered resource with its manifest. */
export interface Manifest extends Resource {
  object: KubernetesObject;
}

/** The manifests of one Application, with the clusters in which they are the same. */
export interface Rendered {
  application: string;
  clusters: string[];
  /** The Application in the first of the clusters. */
  expanded: ExpandedApplication;
  /** Templates whose output differs at each render. */
  unsteady: string[];
  /** Resources that it makes more than once. */
  repeated: RepeatedResource[];
  manifests: Manifest[];
  /** What Argo CD gets but never applies. */
  unapplied: Manifest[];
  /** What Helm leaves out. */
  dropped: DroppedDocument[];
}

export interface RenderedTree extends Omit<Rendering, "manifests"> {
  rendered: Rendered[];
}

export interface Changes extends Difference {
  /** Manifests before and after, by the ids in the changes. */
  documents: Map<string, KubernetesObject>;
}

/** What Argo CD would make of the tree. Everything is computed once, when it is first asked for. */
export class Evaluation {
  private expansion: Promise<Expansion> | undefined;
  private rendering: Promise<RenderedTree> | undefined;
  private difference: Promise<Changes> | undefined;
  private presented: Promise<RendererTree> | undefined;
  private readonly pods = new Map<string, Promise<Map<string, string>>>();

  private constructor(
    private readonly renderer: Renderer,
    private readonly head: RendererTree,
    private readonly base: Promise<GitTree>,
  ) {}

  /** Gives the tree to the renderer; the base is given when a rule asks what changed. */
  static async open(renderer: Renderer, head: GitTree, base: Promise<GitTree>): Promise<Evaluation> {
    return new Evaluation(renderer, await renderer.present(head), base);
  }

  /** Every Application of every cluster, and the ApplicationSets that make them. */
  applications(): Promise<Expansion> {
    return (this.expansion ??= this.renderer.expand(this.head));
  }

  /** The Applications that some clusters had before the change. */
  async applicationsBefore(clusters: readonly string[]): Promise<ExpandedApplication[]> {
    return (await this.renderer.expand(await this.before(), { clusters })).applications;
  }

  /** The manifests of everything. */
  manifests(): Promise<RenderedTree> {
    return (this.rendering ??= this.render());
  }

  /** Why Argo CD may not write some of the manifests, by id. */
  refusals(manifests: readonly Manifest[]): Promise<Map<string, string>> {
    return this.renderer.refusals(this.head, manifests);
  }

  /** Why a namespace of a level of Pod Security refuses the pods of a manifest; `undefined` when it admits them. */
  async podRefusal(level: PodLevel, { id }: Manifest): Promise<string | undefined> {
    const key = `${level.level} ${level.version}`;
    const known = this.pods.get(key) ?? this.podRefusals(level);
    this.pods.set(key, known);
    return (await known).get(id);
  }

  /** All manifests are asked about at once: each question to the renderer takes longer than its answer. */
  private async podRefusals(level: PodLevel): Promise<Map<string, string>> {
    const { rendered } = await this.manifests();
    const makers = rendered.flatMap(({ manifests }) => manifests.filter(makesPods));
    return this.renderer.podRefusals(
      level,
      makers.map(({ id }) => id),
    );
  }

  /** What third-party charts do not read of the values that are set for them. */
  unknownValues(uses: readonly ChartUse[]): Promise<UnknownOfUse[]> {
    return this.renderer.unknownValues(this.head, uses);
  }

  /** What changed since the base. */
  changes(): Promise<Changes> {
    return (this.difference ??= this.compare());
  }

  private async render(): Promise<RenderedTree> {
    // Both are requested at once, so that the renderer works while the files are read here.
    const [{ applications }, { manifests, ...rest }] = await Promise.all([
      this.applications(),
      this.renderer.render(this.head),
    ]);
    const documents = await this.renderer.documents(
      manifests.flatMap(({ resources, unapplied = [] }) => [...resources, ...unapplied].map(({ id }) => id)),
    );
    const byName = new Map(applications.map((one) => [`${one.cluster}/${one.name}`, one]));
    const withObject = (resource: Resource) => ({ ...resource, object: documents.get(resource.id)! });
    const rendered = manifests.map(({ application, clusters, resources, unapplied = [], unsteady = [], ...one }) => ({
      ...{ application, clusters, expanded: byName.get(`${clusters[0]}/${application}`)! },
      unsteady: unsteady.map(({ template }) => template),
      ...{ repeated: one.repeated ?? [], dropped: one.dropped ?? [] },
      ...{ manifests: resources.map(withObject), unapplied: unapplied.map(withObject) },
    }));
    return { ...rest, rendered };
  }

  private before(): Promise<RendererTree> {
    return (this.presented ??= this.base.then((base) => this.renderer.present(base)));
  }

  private async compare(): Promise<Changes> {
    const base = await this.before();
    const difference = await this.renderer.diff(base, this.head);
    const { changes } = await withoutStopped(this.renderer, base, difference);
    const ids = changes.flatMap(({ resources }) =>
      resources.flatMap(({ before, after }) => [before, after].filter((id) => id !== undefined)),
    );
    return { ...difference, changes, documents: await this.renderer.documents(ids) };
  }
}

/** Where a finding about a changed Application points: the pin that it is, or was, made from. */
export function changeAt({ applications }: Expansion, { application, clusters, readings }: ApplicationChange): At {
  const found = applications.find(({ name, cluster }) => name === application && cluster === clusters[0]);
  if (found) return originOf(found);
  const pin = readings[0]?.inputs.find(({ role, path }) => role === "generator" && path.endsWith("/pin.yaml"));
  return { file: pin?.path ?? clusterFile(clusters[0]!) };
}

/** Where a finding about an Application points: the pin that it is made from, or the cluster when it has none. */
export function originOf({ origins, cluster }: Pick<ExpandedApplication, "origins" | "cluster">): At {
  const pin = origins.find((path) => path.endsWith("/pin.yaml")) ?? origins[0];
  return { file: pin ?? clusterFile(cluster) };
}

/** The file of the tree that makes a manifest; the Application's origin when that file is not in the tree. */
export function sourceOf(files: SourceFiles, { expanded }: Pick<Rendered, "expanded">, source: string | undefined): At {
  const { source: one, sources = [] } = expanded.application.spec;
  for (const { path } of one ? [one] : sources) {
    if (path === undefined || source === undefined) continue;
    for (const file of [`${path}/${source.split("/").slice(1).join("/")}`, source]) {
      if (files.has(file)) return { file };
    }
  }
  return originOf(expanded);
}

/** The Application of a failure, in the first of its clusters. */
export function applicationOf({ applications }: Expansion, { application, clusters }: Failure) {
  return applications.find(({ name, cluster }) => name === application && cluster === clusters[0]);
}

/** The AppProjects of every cluster, by cluster and name: those that Argo CD reads, in its own namespace. */
export function projectsOf({ rendered }: RenderedTree): Map<string, Map<string, Project>> {
  const projects = new Map<string, Map<string, Project>>();
  for (const { clusters, manifests } of rendered) {
    for (const { kind, name, namespace, object } of manifests) {
      if (kind !== "AppProject" || namespace !== argoCdNamespace) continue;
      for (const cluster of clusters) {
        const known = projects.get(cluster) ?? new Map<string, Project>();
        projects.set(cluster, known.set(name, (object.spec ?? {}) as Project));
      }
    }
  }
  return projects;
}

/** Whether an Application that fails is made of files of Git, and not of a chart from a chart repository. */
export function isOfTree(expansion: Expansion, failure: Failure): boolean {
  const { source, sources = [] } = applicationOf(expansion, failure)?.application.spec ?? {};
  const all = source ? [source] : sources;
  // A requirement has a path too, beside the chart.
  return all.some(({ path }) => path !== undefined) && !all.some(({ chart }) => chart !== undefined);
}

/** Where an Application of some clusters is made, from its name alone. */
export function failureAt(expansion: Expansion, failure: Failure): At {
  return originOf(applicationOf(expansion, failure) ?? { origins: [], cluster: failure.clusters[0] ?? "" });
}

/** What differs only in its clusters, as one with all of these; the rest is that of the first. */
export function joinClusters<T extends { readonly clusters: readonly string[] }>(
  found: Iterable<T>,
  keyOf: (one: T) => string,
): (T & { clusters: string[] })[] {
  return [...groupBy(found, keyOf).values()].map((same) => ({
    ...same[0],
    clusters: same.flatMap(({ clusters }) => clusters),
  }));
}

/** `dev`, `dev and staging`, `dev, prod and 95 more clusters`, sorted. */
export function nameClusters(clusters: readonly string[]): string {
  return someOf([...clusters].sort(), " clusters");
}
