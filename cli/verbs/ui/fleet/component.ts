import { git, GitError } from "../../../../machine/git";
import { Directory } from "../../../../model/directory";
import { groups, isOfRing, layersOf, pathNames, pathOf, type Scope } from "../../../../model/layers";
import { promoteLine } from "../../../tree/ring-steps";
import { mappingAt } from "../../../tree/values/yaml";
import type { Cell, CommitView, ComponentView, FleetView } from "../views";

/** Everything that the page of one component shows; undefined when no cluster has it. */
export async function toComponentView(
  { stages, clusters }: FleetView,
  component: string,
  history: PinHistory,
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
  const targets = stages.slice(1).filter((stage) => found.some((place) => place.stage === stage));
  return {
    component,
    places,
    targets,
    commands: [
      { what: "its pins, and where it can be promoted to", line: `onebranch pins ${component}` },
      { what: "what the working tree changes of it", line: `onebranch plan --component ${component}` },
      ...targets.map((stage) => {
        return { what: `what a promotion to ${stage} changes`, line: promoteLine(component, { stage }) };
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

/** Which commit brought the pin that a cluster has, as the history of the checkout says. */
export class PinHistory {
  private readonly known = new Map<string, Promise<CommitView | undefined>>();

  /** @param lenders the cluster whose identity an ephemeral stack takes, by the stack */
  constructor(
    private readonly root: string,
    private readonly lenders: ReadonlyMap<string, string>,
  ) {}

  /** The pin files that may count for a component in a cluster, at the commit that the cluster is at. */
  keyOf(component: string, cluster: Scope, { revision }: Cell): Key {
    const name = this.lenders.get(cluster.name) ?? cluster.name;
    // A cluster whose file has faults is shown all the same.
    const { ring } = mappingAt(new Directory(this.root), `gitops/clusters/${name}/cluster.yaml`);
    const scope = { ...cluster, name, ...(typeof ring === "string" && { ring }) };
    const paths = (test: (file: string) => boolean) => pinPaths(scope, component, test);
    const isOfStage = (file: string) => !isOfRing(file) && file.includes("{stage}");
    return {
      ...{ revision, ofRing: paths(isOfRing), stage: paths(isOfStage) },
      others: paths((file) => !isOfRing(file) && !isOfStage(file)),
    };
  }

  /** Undefined when the checkout does not have the commit, or no pin: bootstrap has none. */
  commitOf(key: Key): Promise<CommitView | undefined> {
    const text = JSON.stringify(key);
    const found = this.known.get(text) ?? this.read(key);
    this.known.set(text, found);
    return found;
  }

  private async read({ revision, ofRing, others, stage }: Key): Promise<CommitView | undefined> {
    if (!/^[0-9a-f]{40}$/.test(revision)) return undefined;
    try {
      const there = (await git(this.root, ["ls-tree", "--name-only", revision, "--", ...ofRing])).toString();
      const files = [...others, ...ofRing, ...(ofRing.length > 0 && there !== "" ? [] : stage)];
      const format = ["%H", "%an", "%cI", "%s"].join("%x00");
      const said = await git(this.root, ["log", "--max-count=1", `--format=${format}`, revision, "--", ...files]);
      const [id = "", author = "", at = "", subject = ""] = said.toString().trimEnd().split("\0");
      return id === "" ? undefined : { id, author, at, subject };
    } catch (error) {
      if (error instanceof GitError) return undefined;
      throw error;
    }
  }
}

function pinPaths(scope: Scope, component: string, test: (file: string) => boolean): string[] {
  const pins = layersOf(scope).filter(({ pin, file }) => pin === true && test(file));
  const paths = groups.flatMap((group) =>
    pins.map(({ file }) => pathOf(file, { ...pathNames(scope), group, component })),
  );
  return [...new Set(paths)];
}
