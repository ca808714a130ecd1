import type { ApplicationChange, Difference, Expansion, RendererTree, SetProblem } from "../renderer";
import { only } from "./only";

/** An Application that a set made before the change, and that nothing makes or deletes after it. */
export interface StoppedApplication {
  application: string;
  clusters: string[];
  /** The set that fails, or the Application that holds it. */
  maker: string;
}

interface Expanding {
  expand(tree: RendererTree, filter: { clusters: readonly string[] }): Promise<Sets>;
}

type Sets = Pick<Expansion, "applications" | "sets">;

/**
 * Changes without the removals that do not happen: a set that fails, or whose parent does not render, makes nothing and
 * deletes nothing, so Argo CD leaves its Applications as they are.
 */
export async function withoutStopped(
  renderer: Expanding,
  base: RendererTree,
  { changes, setErrors, setsUnknown }: Difference,
): Promise<{ changes: ApplicationChange[]; stopped: StoppedApplication[] }> {
  const failing = failingSets([...setErrors, ...setsUnknown]);
  const removed = changes.filter(({ change }) => change === "remove");
  if (failing.size === 0 || removed.length === 0) return { changes, stopped: [] };
  const clusters = [...new Set(removed.flatMap((change) => change.clusters))];
  const failingMaker = failingMakers(await renderer.expand(base, { clusters }), failing);
  const stopped: StoppedApplication[] = [];
  const kept = changes.flatMap((change) => {
    if (change.change !== "remove") return [change];
    const { application } = change;
    const maker = (cluster: string) => failingMaker.get(`${cluster}/${application}`);
    const spared = change.clusters.filter((cluster) => maker(cluster) !== undefined);
    if (spared.length === 0) return [change];
    stopped.push({ application, clusters: spared, maker: maker(spared[0]!)! });
    const gone = change.clusters.filter((cluster) => maker(cluster) === undefined);
    return gone.length === 0 ? [] : [only(change, gone)];
  });
  return { changes: kept, stopped };
}

/** Sets that make nothing after the change, by cluster and name. */
function failingSets(problems: readonly SetProblem[]): Set<string> {
  const head = problems.filter(({ side }) => side === "head");
  return new Set(head.flatMap(({ set, clusters }) => clusters.map((cluster) => `${cluster}/${set}`)));
}

/** What fails of what makes each Application, by cluster and name: its set, or the Application that holds the set. */
function failingMakers({ applications, sets }: Sets, failing: ReadonlySet<string>): Map<string, string> {
  const parents = new Map(sets.map(({ cluster, name, parent }) => [`${cluster}/${name}`, parent]));
  const found = new Map<string, string>();
  for (const { cluster, name, set } of applications) {
    const makers = [set, parents.get(`${cluster}/${set}`)];
    const maker = makers.find((one) => one !== undefined && failing.has(`${cluster}/${one}`));
    if (maker !== undefined) found.set(`${cluster}/${name}`, maker);
  }
  return found;
}
