import { cascades, keepsApplications } from "../../../model/argocd";
import type { Difference, ExpandedApplication, ExpandedSet, Expansion, RendererTree } from "../../tree/renderer";
import { asksInCluster } from "../../tree/clusters";
import type { Policy } from "./dangers/subject";

/** The Applications of some clusters, before and after, by cluster and name. */
export class Expansions {
  private readonly sides: Record<"base" | "head", Map<string, ExpandedApplication>>;

  constructor(base: Expansion, head: Expansion) {
    const index = ({ applications }: Expansion) =>
      new Map(applications.map((application) => [`${application.cluster}/${application.name}`, application]));
    this.sides = { base: index(base), head: index(head) };
  }

  find(side: "base" | "head", cluster: string, application: string): ExpandedApplication | undefined {
    return this.sides[side].get(`${cluster}/${application}`);
  }
}

/** One cluster of each stage in each list. Policies are set per stage, so it represents the others. */
export function representatives(lists: readonly (readonly string[])[], stageOf: (cluster: string) => string): string[] {
  return [...new Set(lists.flatMap((clusters) => [...byStage(clusters, stageOf).values()].map(([first]) => first!)))];
}

function byStage(clusters: readonly string[], stageOf: (cluster: string) => string): Map<string, string[]> {
  const stages = new Map<string, string[]>();
  for (const cluster of clusters) stages.set(stageOf(cluster), [...(stages.get(stageOf(cluster)) ?? []), cluster]);
  return stages;
}

/** What Argo CD does in the clusters of a change, by policy. */
export class Policies {
  private readonly sets: Map<string, ExpandedSet>;
  private readonly alive: Set<string>;
  /** By cluster, as it is before the change. */
  private readonly before: Map<string, Pick<Policy, "asks" | "lostStage">>;

  constructor(
    difference: Difference,
    base: RendererTree,
    private readonly head: RendererTree,
    private readonly expansions: Expansions,
    private readonly stageOf: (cluster: string) => string,
  ) {
    this.sets = new Map(difference.sets.map((set) => [`${set.cluster}/${set.name}`, set]));
    const gone = (path: string) => head.files.entry(path) === undefined;
    this.before = new Map(
      base.clusters.map((input) => {
        const stage = input.scope?.stage;
        const lost = stage !== undefined && gone(`gitops/stages/${stage}.yaml`);
        return [input.name, { asks: asksInCluster(base.files, input), ...(lost && { lostStage: stage }) }];
      }),
    );
    this.alive = new Set([...head.clusters.map(({ name }) => name), ...head.unreadable.map(({ cluster }) => cluster)]);
  }

  of(application: string, clusters: readonly string[]): Policy[] {
    const policies = new Map<string, Policy>();
    for (const members of byStage(clusters, this.stageOf).values()) {
      for (const cluster of members) {
        const policy = this.policy(application, cluster, members[0]!);
        const { set, ...rest } = policy;
        const key = JSON.stringify([{ ...rest, clusters: [] }, set?.name, set?.applicationsSync]);
        const same = policies.get(key);
        if (same) same.clusters.push(cluster);
        else policies.set(key, policy);
      }
    }
    return [...policies.values()];
  }

  private policy(application: string, cluster: string, representative: string): Policy {
    const before = this.expansions.find("base", representative, application);
    const after = this.expansions.find("head", representative, application);
    const set = this.sets.get(`${cluster}/${(after ?? before)?.set}`);
    const finalizers = before?.application.metadata.finalizers ?? [];
    const { automated, syncOptions = [] } = (after ?? before)?.application.spec.syncPolicy ?? {};
    // The cluster's own files are those of the representative.
    const required = (before?.required ?? []).filter(({ path }) => !path.startsWith("gitops/clusters/"));
    const missing = required.find(({ path }) => this.head.files.entry(path) === undefined)?.path;
    return {
      clusters: [cluster],
      prunes: automated?.prune === true,
      allowsEmpty: automated?.allowEmpty === true,
      ...(this.before.get(cluster) ?? { asks: false }),
      ...(missing !== undefined && { missing }),
      syncOptions,
      removal: !this.alive.has(cluster)
        ? "cluster-removed"
        : keepsApplications(set?.applicationsSync)
          ? "kept"
          : cascades(finalizers)
            ? "with-resources"
            : "without-resources",
      ...(set === undefined ? {} : { set }),
    };
  }
}
