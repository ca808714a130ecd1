import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { git, GitError } from "../../../machine/git";
import { isMapping } from "../../../model/mapping";
import type { Pin } from "../../../model/pin";
import { isCommit } from "../../stack/cluster/commits";
import type { Source } from "../../stack/cluster/reader";
import type { PinnedComponent } from "../../tree/pins";
import type { Step } from "../../tree/ring-steps";
import { overlay } from "../../tree/values/merge";

/** What a step has of a component at a commit; undefined where the checkout does not have the commit. */
interface Content {
  pin: unknown;
  values: unknown;
}

/**
 * What a step has of a component, to be compared with what it had at other commits: the commits that clusters were synced at. The files
 * of a ring lie over those of its stage, so that nothing changes in a ring when its files become the stage's.
 */
export class Payload {
  private readonly known = new Map<string, Promise<Content | undefined>>();

  /**
   * @param root of the checkout
   * @param commit the one whose content counts
   * @param withValues whether the values count too: they go along from ring to ring, but not from stage to stage
   */
  constructor(
    private readonly root: string,
    private readonly component: Pick<PinnedComponent, "directory">,
    private readonly step: Step,
    private readonly commit: string,
    private readonly withValues: boolean,
  ) {}

  /** Whether what was synced or compared at these revisions is this content; undefined where the checkout lacks a commit. */
  async isAt(revisions: readonly string[]): Promise<boolean | undefined> {
    const commits = [...new Set(revisions.filter(isCommit))];
    if (commits.length === 0) return false;
    const wanted = await this.at(this.commit);
    const found = await Promise.all(commits.map((commit) => this.at(commit)));
    if (found.includes(undefined)) return undefined;
    return found.every((one) => isDeepStrictEqual(one, wanted));
  }

  /** When the content came to where it is, by the commit that brought it. */
  async since(): Promise<Date> {
    const said = await git(this.root, ["log", "-1", "--format=%cI", this.commit, "--", ...this.paths()]);
    return new Date(said.toString().trim());
  }

  private at(commit: string): Promise<Content | undefined> {
    const asked = this.known.get(commit) ?? this.read(commit);
    this.known.set(commit, asked);
    return asked;
  }

  private async read(commit: string): Promise<Content | undefined> {
    try {
      const listed = await git(this.root, ["ls-tree", "-z", commit, "--", ...this.paths()]);
      const there = new Set(
        listed
          .toString()
          .split("\0")
          .map((line) => line.split("\t")[1]),
      );
      const [ringPin, pin, values, ringValues] = await Promise.all(
        this.paths().map(async (path): Promise<unknown> => {
          if (!there.has(path)) return undefined;
          return parsed((await git(this.root, ["cat-file", "blob", `${commit}:${path}`])).toString());
        }),
      );
      return { pin: ringPin ?? pin, values: this.withValues ? overlay([values, ringValues].filter(isMapping)) : null };
    } catch (error) {
      if (error instanceof GitError) return undefined;
      throw error;
    }
  }

  private paths(): string[] {
    const { stage, ring } = this.step;
    const at = `${this.component.directory}/stages/${stage}`;
    const ofRing = (file: string) => `${at}/rings/${ring ?? ""}/${file}`;
    return [ofRing("pin.yaml"), `${at}/pin.yaml`, `${at}/values.yaml`, ofRing("values.yaml")];
  }
}

/** What a file says; a file that is not YAML is what it is. */
function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return text;
  }
}

/** Whether an Application with these sources deploys the chart of a pin in its version. */
export function deploysChart(sources: readonly Source[], { chart, version, repo }: Pin): boolean {
  return sources.some((source) =>
    repo === undefined
      ? source.path === `gitops/charts/${chart}/${version}`
      : source.chart === chart && source.targetRevision === version,
  );
}
