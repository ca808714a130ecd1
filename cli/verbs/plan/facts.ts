import { compareText } from "../../../model/findings";
import type {
  Difference,
  Failure,
  KubernetesObject,
  RendererTree,
  ResourceChange,
  SetProblem,
} from "../../tree/renderer";
import { withoutStopped, type StoppedApplication } from "../../tree/changes/stopped-sets";
import { isPrecious } from "../../tree/changes/precious";
import { mayBeRefused } from "../../tree/kubernetes/refused-changes";
import { Causes } from "./causes";
import { rank } from "./dangers";
import { ringReach } from "./dangers/rings";
import { entryOf, variantOf } from "./entries";
import { groupVariants } from "./group";
import { maskText } from "../../tree/mask";
import { byRefusal } from "./refusals";
import { Expansions, Policies, representatives } from "./policies";
import { clustersOf, ownWords, stageOrder } from "./cluster-words";
import type { Plan, PlanChange, Problem } from "./types";

/** The part of the renderer that the facts need in addition to the difference. */
export interface FactSource {
  expand(
    tree: RendererTree,
    filter: { clusters: readonly string[] },
  ): Promise<ConstructorParameters<typeof Expansions>[0]>;
  documents(ids: readonly string[]): Promise<Map<string, KubernetesObject>>;
  refusals(tree: RendererTree, resources: readonly Judged[]): Promise<Map<string, string>>;
}

/** A manifest that a policy may refuse. */
type Judged = Pick<ResourceChange, "apiVersion" | "kind" | "namespace"> & { id: string };

export interface FactInput {
  base: RendererTree;
  head: RendererTree;
  difference: Difference;
  /** What the plan calls the two sides. */
  names: { base: string; head: string };
  /** Clusters that were asked for; all of both sides by default. */
  clusters?: readonly string[];
}

/** Turns what the renderer found into what the plan says. */
export async function planFacts(renderer: FactSource, input: FactInput): Promise<Plan> {
  const { base, head, names, difference } = input;
  const clusters = clustersOf([head, base], input.clusters);
  const stages = new Map(clusters.map(({ name, stage }) => [name, stage]));
  const stageOf = (cluster: string) => stages.get(cluster) ?? "";
  const { changes, stopped } = await withoutStopped(renderer, base, difference);
  const documents = await renderer.documents([
    ...changes.flatMap(({ resources }) => resources.flatMap(idsOf)),
    ...changes.flatMap(({ owners = [] }) => owners.map(({ project }) => project)),
  ]);
  const variants = changes.flatMap((change) => byRefusal(change, documents)).map((one) => variantOf(one, documents));
  const groups = groupVariants(variants, ownWords([head, base]));
  const expansions = await expandSome(
    renderer,
    input,
    groups.map(({ variants }) => variants.flatMap(({ change }) => change.clusters)),
    stageOf,
  );
  const judged = changes.flatMap(({ resources }) =>
    resources.flatMap((one) => (one.after ? [{ ...one, id: one.after }] : [])),
  );
  const sources = {
    documents,
    refusals: await renderer.refusals(head, judged),
    policies: new Policies(difference, base, head, expansions, stageOf),
    causes: new Causes(base, head, stageOf),
    clusters,
    rings: ringReach(changes, clusters, new Set(base.clusters.map(({ name }) => name)), documents),
  };
  const order = stageOrder(head, base);

  return {
    ...names,
    clusters,
    changes: groups
      .map((group) => entryOf(group, sources))
      .sort((a, b) => compareChanges(a, b, (cluster) => order(stageOf(cluster)))),
    notEvaluated: notEvaluated(input),
    failed: [...stopped.map(toFrozen), ...difference.failed.map(toFailed), ...difference.setErrors.map(toFailed)],
    unsteady: difference.unsteady.map(toProblem),
  };
}

/** Both sides of one cluster of each stage in each list. */
async function expandSome(
  renderer: FactSource,
  { base, head }: FactInput,
  lists: readonly (readonly string[])[],
  stageOf: (cluster: string) => string,
): Promise<Expansions> {
  const clusters = representatives(lists, stageOf);
  if (clusters.length === 0) return new Expansions(nothing, nothing);
  const [before, after] = await Promise.all([renderer.expand(base, { clusters }), renderer.expand(head, { clusters })]);
  return new Expansions(before, after);
}

const nothing = { applications: [], sets: [], errors: [], notEvaluated: [] };

/** Kinds that the danger rules judge by the whole manifest. */
const judged = /^(ClusterRole|Role|ConfigMap$|Secret$)/;

/** Manifests that are shown or judged as a whole; for all others the fields are enough. */
function idsOf(resource: ResourceChange): string[] {
  const { kind, change, before, after, fields = [] } = resource;
  const argued = fields.some(({ path }) => path.endsWith("]"));
  const whole = change !== "change" || argued || judged.test(kind) || isPrecious(resource) || mayBeRefused(resource);
  return whole ? [before, after].filter((id) => id !== undefined) : [];
}

/** An Application that a failing set made is a failure, not a removal. */
function toFrozen({ application, clusters, maker }: StoppedApplication): Problem {
  const reason = `it is no longer made, because ${maker} fails; Argo CD leaves it as it is`;
  return { component: application, clusters, side: "head", reason };
}

function notEvaluated({ base, head, difference, clusters: wanted }: FactInput): Problem[] {
  const unreadable = ({ unreadable }: RendererTree, side: string) =>
    unreadable
      .filter(({ cluster }) => wanted === undefined || wanted.includes(cluster))
      .map(({ cluster, reason }) => ({ component: "*", clusters: [cluster], reason: `${side}: ${reason}` }));
  return [
    ...unreadable(base, "base"),
    ...unreadable(head, "head"),
    ...merged(difference.setsUnknown.map(toFailed)),
    ...merged(difference.notEvaluated.map(toFailed)),
  ];
}

/** A reason that is the same on both sides is reported once. */
function merged(list: readonly Problem[]): Problem[] {
  const found = new Map<string, Problem>();
  for (const { component, clusters, reason } of list) {
    const key = `${component}\n${clusters.join()}\n${reason}`;
    found.set(key, { component, clusters, reason });
  }
  return [...found.values()];
}

function toProblem({ application, clusters, reason }: Failure): Problem {
  return { component: application, clusters, reason: maskText(reason) };
}

function toFailed(problem: Failure | SetProblem): Problem {
  const { clusters, reason, side } = problem;
  return "set" in problem
    ? { component: "*", clusters, side, reason: maskText(`${problem.set}: ${reason}`) }
    : { component: problem.application, clusters, side, reason: maskText(reason) };
}

/** The worst danger first; then the later stage, the wider change, and the name. */
function compareChanges(a: PlanChange, b: PlanChange, order: (cluster: string) => number): number {
  const worst = ({ dangers }: PlanChange) => Math.min(...dangers.map(({ id }) => rank(id)), Infinity);
  const [x, y] = [worst(a), worst(b)];
  const stage = ({ clusters }: PlanChange) => Math.max(...clusters.map(order));
  return (
    (x === y ? 0 : x - y) ||
    stage(b) - stage(a) ||
    b.clusters.length - a.clusters.length ||
    compareText(a.component, b.component) ||
    compareText(a.clusters[0] ?? "", b.clusters[0] ?? "")
  );
}
