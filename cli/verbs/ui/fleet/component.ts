import { existsSync } from "node:fs";
import { join } from "node:path";
import { git, GitError } from "../../../../machine/git";
import { groups } from "../../../../model/layers";
import type { Cell, CommitView, ComponentView, FleetView } from "../views";

/** Everything that the page of one component shows; undefined when no cluster has it. */
export async function toComponentView(
  { stages, clusters }: FleetView,
  component: string,
  history: PinHistory,
): Promise<ComponentView | undefined> {
  const found = clusters.flatMap(({ name, stage, region, applications }) =>
    applications
      .filter((cell) => cell.component === component)
      .map((cell) => ({ cluster: name, stage, region, cell, key: history.keyOf(component, stage, name, cell) })),
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
    commands: [
      { what: "its pins, and where it can be promoted to", line: `onebranch pins ${component}` },
      { what: "what the working tree changes of it", line: `onebranch plan --component ${component}` },
      ...targets.map((stage) => {
        return { what: `what a promotion to ${stage} changes`, line: `onebranch promote ${component} --to ${stage}` };
      }),
    ],
  };
}

interface Key {
  revision: string;
  files: string[];
}

/** Which commit brought the pin that a cluster has, as the history of the checkout says. */
export class PinHistory {
  private readonly known = new Map<string, Promise<CommitView | undefined>>();

  constructor(private readonly root: string) {}

  /** The pin files that count for a component in a cluster, at the commit that the cluster is at. */
  keyOf(component: string, stage: string, cluster: string, { revision }: Cell): Key {
    const own = `gitops/clusters/${cluster}/pins/${component}.yaml`;
    const files = groups.map((group) => `gitops/${group}/${component}/stages/${stage}/pin.yaml`);
    return { revision, files: existsSync(join(this.root, own)) ? [...files, own] : files };
  }

  /** Undefined when the checkout does not have the commit, or no pin: bootstrap has none. */
  commitOf(key: Key): Promise<CommitView | undefined> {
    const text = JSON.stringify(key);
    const found = this.known.get(text) ?? this.read(key);
    this.known.set(text, found);
    return found;
  }

  private async read({ revision, files }: Key): Promise<CommitView | undefined> {
    if (!/^[0-9a-f]{40}$/.test(revision)) return undefined;
    try {
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
