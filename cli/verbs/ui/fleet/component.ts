import { atMost } from "../../../../machine/at-most";
import { git, GitError } from "../../../../machine/git";
import { Directory } from "../../../../model/directory";
import { clusterFile, statedIdentity } from "../../../../model/identity";
import { groups, isOfRing, layersOf, pathNames, pathOf, type Scope } from "../../../../model/layers";
import { promoteLine } from "../../../tree/ring-steps";
import { mappingAt } from "../../../tree/values/yaml";
import type { Cell, CommitView, ComponentView, FleetView } from "../views";

/**
 * Everything that the page of one component shows; undefined when no cluster has it.
 * @param stages of the tree, in the order of promotion
 */
export async function toComponentView(
  { clusters }: Pick<FleetView, "clusters">,
  component: string,
  { stages, history }: { stages: readonly string[]; history: PinHistory },
): Promise<ComponentView | undefined> {
  const found = clusters.flatMap(({ name, stage, ring, region, applications }) =>
    applications
      .filter((cell) => cell.component === component)
      .map((cell) => ({
        ...{ cluster: name, stage, ring, region, cell },
        key: history.keyOf(component, { name, stage, region }, cell),
      })),
  );
  if (found.length === 0) return undefined;
  const places = await Promise.all(
    found.map(async ({ key, ...place }) => {
      const commit = await history.commitOf(key);
      return { ...place, ...(commit !== undefined && { commit }) };
    }),
  );
  // What has no version, such as bootstrap, has no pin to promote.
  const isIn = (stage: string) => found.some((place) => place.stage === stage && place.cell.version !== "");
  // By its name a component is also promoted to a stage that does not have it yet.
  const targets = stages.slice(1).filter((stage, before) => isIn(stage) || isIn(stages[before]!));
  return {
    component,
    places,
    targets,
    commands: [
      { what: "its pins, and where it can be promoted to", line: `onebranch pins ${component}` },
      { what: "what the working tree changes of it", line: `onebranch plan --component ${component}` },
      ...targets.map((stage) => {
        const line = `${promoteLine(component, { stage })} --dry-run`;
        return { what: `what a promotion to ${stage} changes`, line };
      }),
    ],
  };
}

interface Key {
  revision: string;
  /** Of the ring; while there is one it decides in place of the stage's pin, which it lies over. */
  ofRing: string[];
  others: string[];
  stage: string[];
}

/** How many answers are kept: those of a fleet of 100 clusters with 50 components at a time, and of the commits before. */
const kept = 20_000;
/** How many of them are asked for at a time; each is a process or two of Git. */
const atOnce = 4;

/** Which commit brought the pin that a cluster has, as the history of the checkout says. */
export class PinHistory {
  private readonly known = new Map<string, Promise<CommitView | undefined>>();
  private readonly few = atMost(atOnce);

  /**
   * @param lenders the cluster whose identity an ephemeral stack takes, by the stack
   * @param ask what asks Git
   */
  constructor(
    private readonly root: string,
    private readonly lenders: ReadonlyMap<string, string>,
    private readonly ask: typeof git = git,
  ) {}

  /** The pin files that may count for a component in a cluster, at the commit that the cluster is at. */
  keyOf(component: string, cluster: Scope, { revision }: Cell): Key {
    const name = this.lenders.get(cluster.name) ?? cluster.name;
    // A cluster whose file has faults is shown all the same.
    const { ring } = statedIdentity(mappingAt(new Directory(this.root), clusterFile(name)));
    const scope = { ...cluster, name, ...(ring !== undefined && { ring }) };
    const paths = (test: (file: string) => boolean) => pinPaths(scope, component, test);
    const isOfStage = (file: string) => !isOfRing(file) && file.includes("{stage}");
    return {
      ...{ revision, ofRing: paths(isOfRing), stage: paths(isOfStage) },
      others: paths((file) => !isOfRing(file) && !isOfStage(file)),
    };
  }

  /** Undefined when the checkout does not have the commit, or no pin: bootstrap has none. */
  commitOf(key: Key): Promise<CommitView | undefined> {
    if (!/^[0-9a-f]{40}$/.test(key.revision)) return Promise.resolve(undefined);
    const text = JSON.stringify(key);
    const known = this.known.get(text);
    if (known !== undefined) return known;
    const found = this.few(() => this.read(key)).catch((error: unknown) => {
      // A fetch may bring the commit.
      this.known.delete(text);
      if (error instanceof GitError) return undefined;
      throw error;
    });
    this.known.set(text, found);
    const [oldest] = this.known.keys();
    if (this.known.size > kept) this.known.delete(oldest!);
    return found;
  }

  /** @throws GitError when the checkout does not have the commit */
  private async read({ revision, ofRing, others, stage }: Key): Promise<CommitView | undefined> {
    const listed = ["ls-tree", "--name-only", revision, "--", ...ofRing];
    const isOfRing = ofRing.length > 0 && (await this.ask(this.root, listed)).length > 0;
    const files = [...others, ...ofRing, ...(isOfRing ? [] : stage)];
    const format = ["%H", "%an", "%cI", "%s"].join("%x00");
    const said = await this.ask(this.root, ["log", "--max-count=1", `--format=${format}`, revision, "--", ...files]);
    const [id = "", author = "", at = "", subject = ""] = said.toString().trimEnd().split("\0");
    return id === "" ? undefined : { id, author, at, subject };
  }
}

function pinPaths(scope: Scope, component: string, test: (file: string) => boolean): string[] {
  const pins = layersOf(scope).filter(({ pin, file }) => pin === true && test(file));
  const paths = groups.flatMap((group) =>
    pins.map(({ file }) => pathOf(file, { ...pathNames(scope), group, component })),
  );
  return [...new Set(paths)];
}
