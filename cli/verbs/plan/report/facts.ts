import { someOf } from "../../../terminal/table";
import { stageWords } from "../cluster-words";
import { valueText } from "../text-diff";
import { hookWords, isImage, resourceName } from "../../../tree/resource";
import type { Plan, PlanChange, PlanResource, PlanVariation, Problem, Somewhere } from "../types";
import { causeWords, clusterWords, imageWords, replicaWords } from "./words";

/** One thing to know about a change besides its diff, as every form of the plan says it. */
export interface Fact {
  label: "image" | "replicas" | "cause";
  text: string;
  /** ` in all 20 of staging`, when it does not apply to all clusters of the change. */
  place: string;
}

/** Images, replicas and causes, in this order. */
export function factsOf({ images, replicas, causes }: PlanChange, plan: Plan): Fact[] {
  const place = (fact: Somewhere) => inClusters(fact, plan);
  return [
    ...images.map((image): Fact => ({ label: "image", text: imageWords(image), place: place(image) })),
    ...replicas.map((replica): Fact => ({ label: "replicas", text: replicaWords(replica), place: place(replica) })),
    // The path of a file names its stage, region or cluster.
    ...causes.map((cause): Fact => ({ label: "cause", text: causeWords(cause), place: "" })),
  ];
}

/** ` in all 20 of staging`, or nothing for what applies to all clusters of its change. */
function inClusters({ clusters }: Somewhere, plan: Plan): string {
  return clusters === undefined ? "" : ` in ${stageWords(clusters, plan.clusters)}`;
}

/** `Job orders/migrate (PreSync hook) in dev`. */
export function resourceTitle(resource: PlanResource, plan: Plan): string {
  return resourceName(resource) + hookWords(resource.phases) + inClusters(resource, plan);
}

/** A place in a manifest with its values, each with the clusters that have it. */
export interface VariedPlace {
  title: string;
  values: { text: string; place: string }[];
}

/** What differs between the clusters of a change, except images, which are facts of their own. */
export function variedPlaces({ component, resources, varies }: PlanChange, plan: Plan): VariedPlace[] {
  return varies
    .filter((field) => !isImage(field))
    .map(({ resource, path, values }) => ({
      title: `${resource === undefined ? `Application ${component}` : resourceName(resources[resource]!)} ${path}`,
      values: values.map((value) => ({
        text: sidesText(value),
        place: stageWords(value.clusters, plan.clusters),
      })),
    }));
}

function sidesText({ from, to }: PlanVariation["values"][number]): string {
  if (from === undefined && to === undefined) return "nothing";
  if (from === undefined || to === undefined) return valueText(from ?? to);
  return `${valueText(from)} -> ${valueText(to)}`;
}

/** The lists of a plan that are never left out, with their titles. */
export function unknownLists(plan: Plan): { title: string; tone: "failed" | "unknown"; items: UnknownWords[] }[] {
  const lists = [
    { title: "Does not render, or is refused", tone: "failed", list: plan.failed },
    { title: "Not evaluated", tone: "unknown", list: plan.notEvaluated },
    { title: "Different each time", tone: "unknown", list: plan.unsteady },
  ] as const;
  return lists
    .filter(({ list }) => list.length > 0)
    .map(({ title, tone, list }) => ({ title, tone, items: together(list).map((item) => unknownWords(item, plan)) }));
}

type Together = Problem & { components: string[] };

/** Entries that differ only in the component's name are one: a shared chart, or a set, fails for all of them. */
function together(list: readonly Problem[]): Together[] {
  const found = new Map<string, Together>();
  for (const item of list) {
    const { component, reason, ...where } = item;
    const same = component === "*" ? reason : reason.replaceAll(component, "*");
    const key = JSON.stringify([component === "*", where, same]);
    const known = found.get(key);
    if (known) known.components.push(component);
    else found.set(key, { ...item, components: [component] });
  }
  return [...found.values()];
}

/** `cert-manager` ` in dev` `the chart is not at hand`; the first's reason where there are several. */
export interface UnknownWords {
  what: string;
  where: string;
  reason: string;
}

function unknownWords(item: Together, plan: Plan): UnknownWords {
  const side = "side" in item && item.side === "base" ? " before this change" : "";
  return {
    what: item.component === "*" ? "everything" : someOf(item.components),
    where: ` in ${clusterWords(item.clusters, plan.clusters)}${side}`,
    reason: item.reason,
  };
}
