import { isPathOnly } from "../../../tree/changes/path-only";
import type { CheckInput } from "../input";
import { isMissing } from "../missing";
import { onlyAdds, onlyMakesRoom, onlyTeams } from "../../../tree/changes/room";
import { wayOut, wayOutInStage } from "../rings/ways-out";
import type { Report, Rule } from "../rule";
import { firstChangedLine } from "../source/files";
import { roleOf, wholeOf } from "../../../tree/file-roles";
import { stepAt, stepName, stepsThrough, stepWords } from "../../../tree/ring-steps";
import { allOf } from "../../../terminal/table";

export const crossesRings: Rule = {
  id: "crosses-rings",
  needs: "base",
  also: "changes",
  async check(input, report) {
    const reached = isMissing(input.evaluation) ? ownPlaces(input) : await effects(input);
    const rings = new Rings(input, reached);
    for (const [path, places] of reached) if (places.size > 1) rings.tellShared(report, path, places);
    rings.tellOwn(report);
  },
};

/** Places in which a changed file makes a difference, by its path: a stage, or `stage/ring` where a stage has rings. */
type Reached = Map<string, Set<string>>;

const stageOfPlace = (place: string) => place.split("/")[0]!;

/** `prod`, or `the ring canary of prod`. */
function placeWords(place: string): string {
  const [stage, ring] = place.split("/");
  return stepWords(stepAt(stage!, ring));
}

class Rings {
  private readonly order: string[];
  /** Directories of charts: each is reported once. */
  private readonly told = new Set<string>();

  constructor(
    private readonly input: CheckInput,
    private readonly reached: Reached,
  ) {
    this.order = [...input.tree.stages.values()].flatMap(({ name, rings }) => placesOf(name, rings));
  }

  /** Reports a file that several stages or rings read. */
  tellShared(report: Report, path: string, places: ReadonlySet<string>): void {
    const file = roleOf(path);
    const whole = "inside" in file && file.role !== "bootstrap" ? wholeOf(path, file) : path;
    if (this.told.has(whole)) return;
    this.told.add(whole);
    const reached = this.order.filter((place) => places.has(place));
    const stages = [...new Set(reached.map(stageOfPlace))];
    const [stage] = stages;
    const what =
      stages.length > 1
        ? allOf(stages)
        : `the rings ${allOf(reached.map((place) => place.split("/")[1]!))} of ${stage}`;
    report.finding(
      { file: path, line: firstChangedLine(this.input.files, this.input.baseTree.files, path) },
      `this changes ${what} at once`,
      stages.length > 1 ? wayOut(path, stages, this.input) : wayOutInStage(path, stage!, this.input),
    );
  }

  /** Files that belong to one stage or ring each: a finding for every one except the first. */
  tellOwn(report: Report): void {
    const first = new Map<string, string>();
    for (const path of [...this.reached.keys()].sort()) {
      const [place, ...others] = this.reached.get(path)!;
      if (place !== undefined && others.length === 0 && !first.has(place)) first.set(place, path);
    }
    const touched = this.order.filter((place) => first.has(place));
    for (const [index, place] of touched.entries()) {
      const before = touched[index - 1];
      if (before === undefined) continue;
      const [here, earlier] = [placeWords(place), placeWords(before)];
      const message = `this changes ${here} together with ${earlier} (${first.get(before)})`;
      report.finding({ file: first.get(place)! }, message, `land ${earlier} first, and ${here} in a change of its own`);
    }
  }
}

/** The places of a stage: its rings, or the stage itself. */
function placesOf(stage: string, rings: readonly string[]): string[] {
  return stepsThrough(stage, rings).map(stepName);
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
    if (brings ? onlyAdds(changed, documents) : onlyMakesRoom(changed, changes, documents)) continue;
    if (isPathOnly(changed) || onlyTeams(changed, documents)) continue;
    for (const reading of readings) {
      for (const cluster of reading.clusters) {
        const place = clusters.has(cluster) ? placeOf(input, cluster) : undefined;
        if (place === undefined) continue;
        for (const { path } of reading.inputs) reached.set(path, (reached.get(path) ?? new Set()).add(place));
      }
    }
  }
  // The effect of what does not render is unknown: judge it by the files that changed.
  const unknown = new Set([...notEvaluated, ...failed].map(({ application }) => application));
  for (const [path, places] of ownPlaces(input)) {
    const file = roleOf(path);
    if (!reached.has(path) && "component" in file && unknown.has(file.component)) reached.set(path, places);
  }
  return reached;
}

/** Whether a component is added or removed with all of its stages. */
function isWhole({ inventory, baseTree }: CheckInput, component: string): boolean {
  return !inventory.components.has(component) || !baseTree.inventory.components.has(component);
}

/** The stage of a cluster, or its ring. */
function placeOf({ tree }: CheckInput, name: string): string | undefined {
  const cluster = tree.clusters.get(name);
  return cluster && stepName(cluster);
}

/** The places of changed files that belong to a single stage or ring, whatever their effect. */
function ownPlaces(input: CheckInput): Reached {
  const owned = [...input.baseTree.changed].flatMap((path) => {
    const places = placesOfFile(input, path);
    return places.length === 0 ? [] : [[path, new Set(places)] as const];
  });
  return new Map(owned);
}

function placesOfFile(input: CheckInput, path: string): string[] {
  const file = roleOf(path);
  const { inventory: before, files: filesBefore } = input.baseTree;
  if ("stage" in file && "component" in file) {
    if (isWhole(input, file.component) || !before.stages.has(file.stage)) return [];
    const { rings = [] } = input.tree.stages.get(file.stage) ?? {};
    const directory = `gitops/${file.group}/${file.component}/stages/${file.stage}`;
    const name = "inside" in file ? `overlay/${file.inside}` : path.slice(path.lastIndexOf("/") + 1);
    if ("ring" in file) {
      // The last step of a promotion removes the files of the rings, which changes nothing there.
      const isLast = !input.files.has(path) && input.baseTree.changed.has(`${directory}/${name}`);
      return isLast ? [] : [`${file.stage}/${file.ring}`];
    }
    // The overlay of a ring is there instead of the stage's.
    const had = (ring: string) =>
      "inside" in file
        ? filesBefore.paths.some((other) => other.startsWith(`${directory}/rings/${ring}/overlay/`))
        : filesBefore.has(`${directory}/rings/${ring}/${name}`);
    return placesOf(
      file.stage,
      rings.filter((ring) => !had(ring)),
    );
  }
  if (file.role === "cluster-values" || file.role === "cluster-pin") {
    const place = before.clusters.has(file.cluster) ? placeOf(input, file.cluster) : undefined;
    return place === undefined ? [] : [place];
  }
  return [];
}
