import { isDeepStrictEqual } from "node:util";
import type { ApplicationChange } from "../../../tree/renderer";
import type { CheckInput } from "../input";
import { isMissing } from "../missing";
import type { Report, Rule } from "../rule";
import { firstChangedLine } from "../source/files";
import { roleOf } from "../../../tree/file-roles";

export const crossesRings: Rule = {
  id: "crosses-rings",
  needs: "base",
  also: "changes",
  async check(input, report) {
    const reached = isMissing(input.evaluation) ? ownStages(input) : await effects(input);
    const rings = new Rings(input, reached);
    for (const [path, stages] of reached) if (stages.size > 1) rings.tellShared(report, path, stages);
    rings.tellOwn(report);
  },
};

/** Stages in which a changed file makes a difference, by its path. */
type Reached = Map<string, Set<string>>;

class Rings {
  private readonly order: string[];
  /** Directories of charts: each is reported once. */
  private readonly told = new Set<string>();

  constructor(
    private readonly input: CheckInput,
    private readonly reached: Reached,
  ) {
    this.order = [...input.tree.stages.keys()];
  }

  /** Reports a file that several stages read. */
  tellShared(report: Report, path: string, stages: ReadonlySet<string>): void {
    const file = roleOf(path);
    const whole = file.role === "chart" ? `gitops/charts/${file.chart}/${file.version}` : path;
    if (this.told.has(whole)) return;
    this.told.add(whole);
    const names = this.order.filter((stage) => stages.has(stage));
    const message = `this changes ${names.slice(0, -1).join(", ")} and ${names.at(-1)} at once`;
    report.finding(
      { file: path, line: firstChangedLine(this.input.files, this.input.baseTree.files, path) },
      message,
      fixFor(path, names),
    );
  }

  /** Files that belong to one stage each: a finding for every stage except the first. */
  tellOwn(report: Report): void {
    const first = new Map<string, string>();
    for (const path of [...this.reached.keys()].sort()) {
      const [stage, ...others] = this.reached.get(path)!;
      if (stage !== undefined && others.length === 0 && !first.has(stage)) first.set(stage, path);
    }
    const touched = this.order.filter((stage) => first.has(stage));
    for (const [index, stage] of touched.entries()) {
      const before = touched[index - 1];
      if (before === undefined) continue;
      const message = `this changes ${stage} together with ${before} (${first.get(before)})`;
      report.finding({ file: first.get(stage)! }, message, `land ${before} first, and ${stage} in a change of its own`);
    }
  }
}

function fixFor(path: string, [first, ...later]: readonly string[]): string {
  const file = roleOf(path);
  const excuse = "or excuse it with a reason (# onebranch-ignore crosses-rings: ...)";
  if (file.role === "component-values") {
    const directory = `gitops/${file.group}/${file.component}/stages`;
    return `set it in ${directory}/${first}/values.yaml, then in ${later.join(", then in ")}, and last here; ${excuse}`;
  }
  if (file.role === "chart") return "make the change in a new version, and pin it stage by stage";
  return `make the stages differ first and land it one stage at a time; ${excuse}`;
}

/** What the change alters in clusters that existed before, by the files that cause it. */
async function effects(input: CheckInput): Promise<Reached> {
  const { changes, documents, notEvaluated, failed } = await input.changes();
  const { clusters } = input.baseTree.inventory;
  const reached: Reached = new Map();
  const brings = [...input.inventory.components.keys()].some((name) => !input.baseTree.inventory.components.has(name));
  for (const changed of changes) {
    const { application, change, readings } = changed;
    if (change !== "change" && isWhole(input, application)) continue;
    if (brings && onlyAdds(changed, documents)) continue;
    for (const reading of readings) {
      for (const cluster of reading.clusters) {
        const stage = clusters.has(cluster) ? input.tree.clusters.get(cluster)?.stage : undefined;
        if (stage === undefined) continue;
        for (const { path } of reading.inputs) reached.set(path, (reached.get(path) ?? new Set()).add(stage));
      }
    }
  }
  // The effect of what does not render is unknown: judge it by the files that changed.
  const unknown = new Set([...notEvaluated, ...failed].map(({ application }) => application));
  for (const [path, stages] of ownStages(input)) {
    const file = roleOf(path);
    if (!reached.has(path) && "component" in file && unknown.has(file.component)) reached.set(path, stages);
  }
  return reached;
}

/** Whether a change only makes room for a new component (objects for its namespace, an entry in its project) and leaves the rest as it is. */
function onlyAdds({ change, spec, resources }: ApplicationChange, documents: ReadonlyMap<string, unknown>): boolean {
  return (
    change === "change" &&
    spec === undefined &&
    resources.every(
      ({ change: kind, before, after }) =>
        kind === "add" || (kind === "change" && isPart(documents.get(before ?? ""), documents.get(after ?? ""))),
    )
  );
}

/** Whether a value has everything that another one has: its keys, and the entries of its lists in any order. */
function isPart(part: unknown, whole: unknown): boolean {
  if (Array.isArray(part)) {
    return (
      Array.isArray(whole) && part.every((entry) => whole.some((other: unknown) => isDeepStrictEqual(entry, other)))
    );
  }
  if (typeof part !== "object" || part === null) return part !== undefined && part === whole;
  if (typeof whole !== "object" || whole === null) return false;
  return Object.entries(part).every(([key, value]) => isPart(value, (whole as Record<string, unknown>)[key]));
}

/** Whether a component is added or removed with all of its stages. */
function isWhole({ inventory, baseTree }: CheckInput, component: string): boolean {
  return !inventory.components.has(component) || !baseTree.inventory.components.has(component);
}

/** The stages of changed files that belong to a single stage, whatever their effect. */
function ownStages(input: CheckInput): Reached {
  const owned = [...input.baseTree.changed].flatMap((path) => {
    const stage = stageOf(input, path);
    return stage === undefined ? [] : [[path, new Set([stage])] as const];
  });
  return new Map(owned);
}

function stageOf(input: CheckInput, path: string): string | undefined {
  const file = roleOf(path);
  const { inventory: before } = input.baseTree;
  if (file.role === "pin" || file.role === "stage-values") {
    if (isWhole(input, file.component)) return undefined;
    return before.stages.has(file.stage) ? file.stage : undefined;
  }
  if (file.role === "cluster-values" || file.role === "cluster-pin") {
    return before.clusters.has(file.cluster) ? input.tree.clusters.get(file.cluster)?.stage : undefined;
  }
  return undefined;
}
