import { isDeepStrictEqual } from "node:util";
import { UserError } from "../../../model/errors";
import { compareText } from "../../../model/findings";
import { clusterFile, statedIdentity, type Identity } from "../../../model/identity";
import { layers } from "../../../model/layers";
import { roleOf } from "../../tree/file-roles";
import type { Difference, Expansion, ExpandedApplication, FieldChange, ResourceChange } from "../../tree/renderer";
import { effectiveValues, mainSource } from "../../tree/values/effective";
import { mappingAt } from "../../tree/values/yaml";
import { whyMissing } from "../../tree/values/missing";
import type { ExplainedValue } from "../../tree/values/explained";
import type { ClusterFacts, OpenedTree } from "../../tree/open";
import { imagesOf } from "./fields";

/** Where one side's value comes from; undefined when that side has no such value. */
export type Side = Pick<ExplainedValue, "value" | "file" | "line" | "layer"> | undefined;

export interface ValueDifference {
  key: string;
  /** The layer that makes the difference: the later of the two that set it. */
  layer: string;
  a: Side;
  b: Side;
}

/** Chart and version with the pin that sets them, or why the component is missing. */
export interface ComponentSide {
  chart?: string;
  pin?: { file: string; line: number };
  missing?: string;
}

export interface ComponentDifference {
  component: string;
  a: ComponentSide;
  b: ComponentSide;
  values: ValueDifference[];
  images: { from?: unknown; to?: unknown }[];
  /** What differs in the Application itself, except what names the cluster. */
  application: FieldChange[];
  resources: ResourceChange[];
}

export interface Comparison {
  facts: { fact: string; a: string; b: string }[];
  components: ComponentDifference[];
  /** Components that are the same on both sides. */
  same: string[];
  notes: string[];
}

export interface Sides {
  opened: OpenedTree;
  a: ClusterFacts;
  b: ClusterFacts;
  component?: string | undefined;
}

/** What differs between two clusters of one tree. */
export async function compareClusters({ opened, a, b, component }: Sides): Promise<Comparison> {
  const { renderer, tree } = opened;
  const [left, right] = [
    await renderer.expand(tree, { clusters: [a.name] }),
    await renderer.expand(tree, { clusters: [b.name] }),
  ];
  const find = ({ applications }: Expansion, name: string) => applications.find((found) => found.name === name);
  const names = [...new Set([...left.applications, ...right.applications].map(({ name }) => name))].sort(compareText);
  if (component !== undefined && !names.includes(component)) {
    throw new UserError(`${whyMissing(tree, left, a, component)}\n${whyMissing(tree, right, b, component)}`, {
      exitCode: 1,
    });
  }
  const wanted = component === undefined ? names : [component];
  const difference = await manifestDifference(opened, a, b, component);
  const notes: string[] = problemsOf(difference, a, b);
  const components: ComponentDifference[] = [];
  const same: string[] = [];
  for (const name of wanted) {
    const pair = { a: find(left, name), b: find(right, name) };
    const change = difference.changes.find(({ application }) => application === name);
    const found: ComponentDifference = {
      component: name,
      a: pair.a ? presentSide(opened, pair.a) : { missing: whyMissing(tree, left, a, name) },
      b: pair.b ? presentSide(opened, pair.b) : { missing: whyMissing(tree, right, b, name) },
      values: pair.a && pair.b ? await valueDifferences(opened, pair.a, pair.b, notes) : [],
      images: imagesOf(change?.resources ?? []),
      application: (change?.spec ?? []).filter(({ path }) => !namesTheCluster(path)),
      resources: change?.resources ?? [],
    };
    const differs = found.values.length + found.application.length + found.resources.length > 0;
    if (differs || !pair.a || !pair.b || found.a.chart !== found.b.chart) components.push(found);
    else same.push(name);
  }
  return { facts: factDifferences(opened, a, b), components, same, notes: [...new Set(notes)] };
}

/** Gives both clusters the same name, so that the renderer compares them with each other. */
function manifestDifference(
  { renderer, tree }: OpenedTree,
  a: ClusterFacts,
  b: ClusterFacts,
  component?: string,
): Promise<Difference> {
  const as = (name: string) => ({
    ...tree,
    clusters: tree.clusters.filter((cluster) => cluster.name === name).map((cluster) => ({ ...cluster, name: a.name })),
  });
  return renderer.diff(as(a.name), as(b.name), component === undefined ? {} : { applications: [component] });
}

/**
 * Labels and value files of an Application say which cluster it is in, so they always differ. So do its sources as a whole, where
 * only one of two stages requires files; what else is in them is compared as chart and values.
 */
function namesTheCluster(path: string): boolean {
  if (/^spec\.sources?$/.test(path)) return true;
  return path.includes("onebranch.dev/") || path.includes("valueFiles") || path.includes("helm.parameters");
}

function problemsOf(
  { failed, notEvaluated, unsteady, setErrors, setsUnknown }: Difference,
  a: ClusterFacts,
  b: ClusterFacts,
): string[] {
  const where = (side: "base" | "head") => (side === "base" ? a.name : b.name);
  return [
    ...failed.map(({ application, side, reason }) => `${application} does not render in ${where(side)}: ${reason}`),
    ...notEvaluated.map(
      ({ application, side, reason }) => `not evaluated: the manifests of ${application} in ${where(side)}: ${reason}`,
    ),
    ...unsteady.map(({ application, side, reason }) => `${application} in ${where(side)}: ${reason}`),
    ...setErrors.map(({ set, side, reason }) => `the ApplicationSet ${set} fails in ${where(side)}: ${reason}`),
    ...setsUnknown.map(
      ({ set, side, reason }) => `not evaluated: the ApplicationSet ${set} in ${where(side)}: ${reason}`,
    ),
  ];
}

function chartOf(application: ExpandedApplication): string {
  const source = mainSource(application);
  if (source?.chart !== undefined) return `${source.chart} ${source.targetRevision ?? ""}`.trim();
  return (source?.path ?? "").replace(/^gitops\/charts\//, "").replace("/", " ");
}

function presentSide({ tree }: OpenedTree, application: ExpandedApplication): ComponentSide {
  // A cluster's own pin comes after that of its ring and its stage's, and may leave the version to them.
  const pins = [...application.origins].sort((a, b) => rankOfPin(b) - rankOfPin(a));
  for (const file of pins) {
    const line = (tree.files.read(file) ?? "").split("\n").findIndex((text) => /^version\s*:/.test(text)) + 1;
    if (line > 0) return { chart: chartOf(application), pin: { file, line } };
  }
  return { chart: chartOf(application) };
}

/** The place of a pin among the layers: the last one that names a version decides. */
function rankOfPin(path: string): number {
  const { role } = roleOf(path);
  return layers.findIndex((layer) => layer.role === role);
}

function factDifferences({ tree }: OpenedTree, a: ClusterFacts, b: ClusterFacts): Comparison["facts"] {
  const text = (value: unknown) => (Array.isArray(value) ? value.join(", ") : String(value ?? ""));
  const [ofA, ofB] = [a, b].map(({ name }) => statedIdentity(mappingAt(tree.files, clusterFile(name))));
  const plain = (fact: "stage" | "ring" | "region" | "provider" | "capabilities") => ({
    fact,
    a: text(a[fact]),
    b: text(b[fact]),
  });
  const stated = (fact: string, key: keyof Identity) => ({ fact, a: text(ofA?.[key]), b: text(ofB?.[key]) });
  return [
    ...[plain("stage"), plain("ring"), plain("region"), plain("provider")],
    ...[stated("kubernetes", "kubernetesVersion"), plain("capabilities"), stated("compliance", "compliance")],
  ].filter((row) => row.a !== row.b);
}

async function valueDifferences(
  opened: OpenedTree,
  left: ExpandedApplication,
  right: ExpandedApplication,
  notes: string[],
): Promise<ValueDifference[]> {
  const order = ["chart"];
  const valuesOf = async (application: ExpandedApplication) => {
    const { values, files, notes: more } = await effectiveValues(opened, application);
    notes.push(...more);
    for (const { layer } of files) if (!order.includes(layer)) order.push(layer);
    return new Map(values.map((value) => [value.key, value]));
  };
  let a: Map<string, ExplainedValue>;
  let b: Map<string, ExplainedValue>;
  try {
    [a, b] = [await valuesOf(left), await valuesOf(right)];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    notes.push(error.message);
    return [];
  }
  const keys = [...new Set([...a.keys(), ...b.keys()])].sort(compareText);
  return keys.flatMap((key): ValueDifference[] => {
    const [from, to] = [a.get(key), b.get(key)];
    if (from && to && isDeepStrictEqual(from.value, to.value)) return [];
    const rank = (side: ExplainedValue | undefined) => (side === undefined ? -1 : order.indexOf(side.layer));
    const layer = (rank(from) > rank(to) ? from : to)?.layer ?? "";
    return [{ key, layer, a: sideOf(from), b: sideOf(to) }];
  });
}

function sideOf(found: ExplainedValue | undefined): Side {
  return found && { value: found.value, file: found.file, line: found.line, layer: found.layer };
}
