import { compareText } from "../../../model/findings";
import type { ApplicationChange, KubernetesObject, ResourceChange } from "../../tree/renderer";
import type { Causes } from "./causes";
import { dangersOf } from "./dangers";
import { ringDangers, type RingReach } from "./dangers/rings";
import type { ChangeGroup, Variant } from "./group";
import { maskFields, maskObject } from "../../tree/mask";
import { stageWords } from "./cluster-words";
import type { Policies } from "./policies";
import type { JudgedChange } from "./refusals";
import type { PlanChange, PlanCluster, PlanResource, Somewhere } from "./types";
import { variationsOf } from "./variations";
import { imageChanges, replicaChanges, type Documents } from "./workloads";

/** What is needed to make an entry. */
export interface EntrySources {
  documents: Documents;
  /** As in Subject. */
  refusals: ReadonlyMap<string, string>;
  policies: Policies;
  causes: Causes;
  clusters: readonly PlanCluster[];
  rings: RingReach;
}

/** One change as the renderer tells it apart, with its secrets masked. */
export function variantOf({ change, refusals }: JudgedChange, documents: Documents): Variant {
  return {
    change,
    refused: refusals.reasons,
    resources: change.resources.map((resource, index) => ({
      ...resourceFacts(resource, documents),
      ...(refusals.resources.has(index) && { refused: true as const }),
    })),
    application: maskFields("Application", change.spec ?? []),
  };
}

/** One entry of the plan. A fact that holds only in some of its clusters names them. */
export function entryOf(
  group: ChangeGroup,
  { documents, refusals, policies, causes, clusters: all, rings }: EntrySources,
): PlanChange {
  const { variants } = group;
  const [{ change, application, refused }] = variants;
  const clusters = variants.flatMap(({ change }) => change.clusters).sort(compareText);
  const facts = <T extends Somewhere>(of: (change: ApplicationChange) => readonly T[]) =>
    merged(
      variants.flatMap(({ change }) => of(change).map((fact) => ({ clusters: change.clusters, ...fact }))),
      clusters,
    );
  const acting = policies.of(change.application, clusters);
  const subjects = variants.map(({ change }) => ({
    change,
    documents,
    refusals,
    policies: acting.flatMap((policy) => {
      const here = policy.clusters.filter((cluster) => change.clusters.includes(cluster));
      return here.length === 0 ? [] : [{ ...policy, clusters: here }];
    }),
  }));
  return {
    component: change.application,
    change: change.change,
    ...(refused.length > 0 && { refused }),
    clusters,
    resources: group.resources.map((places) => resourceOf(variants, places)),
    images: facts((change) => imageChanges(change.resources, documents)),
    replicas: facts((change) => replicaChanges(change.resources)),
    dangers: dangersOf(
      subjects,
      (where) => stageWords(where, all),
      ringDangers(change.application, clusters, all, rings),
    ),
    causes: facts((change) => causes.of(change)).sort(byLine),
    application,
    renders: variants.reduce((sum, { change }) => sum + change.renders, 0),
    varies: variationsOf(group),
  };
}

/** A resource as in the first variant that has it, with its clusters when these are not all. */
function resourceOf(variants: readonly Variant[], places: readonly (number | undefined)[]): PlanResource {
  const having = variants.filter((_, variant) => places[variant] !== undefined);
  const [shown] = having;
  const resource = shown!.resources[places[variants.indexOf(shown!)]!]!;
  if (having.length === variants.length) return resource;
  return { ...resource, clusters: having.flatMap(({ change }) => change.clusters).sort(compareText) };
}

/** The same fact in several clusters becomes one; it names no clusters when it is the same in all of them. */
function merged<T extends Somewhere>(
  facts: readonly (T & { clusters: readonly string[] })[],
  all: readonly string[],
): T[] {
  const found = new Map<string, { fact: T; clusters: string[] }>();
  for (const { clusters, ...fact } of facts) {
    const key = JSON.stringify(fact);
    const same = found.get(key);
    if (same) same.clusters.push(...clusters);
    else found.set(key, { fact: fact as unknown as T, clusters: [...clusters] });
  }
  return [...found.values()].map(({ fact, clusters }) => {
    const here = [...new Set(clusters)].sort(compareText);
    return here.length === all.length ? fact : { ...fact, clusters: here };
  });
}

function byLine(a: PlanChange["causes"][number], b: PlanChange["causes"][number]): number {
  return compareText(a.file, b.file) || a.line - b.line || compareText(a.key ?? "", b.key ?? "");
}

function resourceFacts(resource: ResourceChange, documents: Documents): PlanResource {
  const { apiVersion, kind, namespace, name, change, source, phases, fields = [], before, after } = resource;
  const manifest: KubernetesObject | undefined = change === "change" ? undefined : documents.get(after ?? before ?? "");
  return {
    apiVersion,
    kind,
    ...(namespace ? { namespace } : {}),
    name,
    change,
    ...(source === undefined ? {} : { source }),
    ...(phases && { phases }),
    ...(change === "change"
      ? { fields: maskFields(kind, fields, [documents.get(before ?? ""), documents.get(after ?? "")]) }
      : {}),
    ...(manifest === undefined ? {} : { manifest: maskObject(manifest) }),
  };
}
