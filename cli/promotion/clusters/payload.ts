import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { git, GitError } from "../../../machine/git";
import { isMapping } from "../../../model/mapping";
import { groups } from "../../../model/layers";
import { basePath } from "../../../model/overlays";
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
  /** The id of the overlay's directory: that of a ring is there instead of its stage's. */
  overlay: string | undefined;
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
    const said = await git(this.root, [
      "log",
      "-1",
      "--format=%cI",
      this.commit,
      "--",
      ...this.paths(),
      ...this.overlays(),
    ]);
    return new Date(said.toString().trim());
  }

  private at(commit: string): Promise<Content | undefined> {
    const asked = this.known.get(commit) ?? this.read(commit);
    this.known.set(commit, asked);
    return asked;
  }

  private async read(commit: string): Promise<Content | undefined> {
    try {
      const listed = await git(this.root, ["ls-tree", "-z", commit, "--", ...this.paths(), ...this.overlays()]);
      // `<mode> <type> <id>\t<path>`
      const there = new Map(
        listed
          .toString()
          .split("\0")
          .map((line) => [line.split("\t")[1], line.split("\t")[0]!.split(" ")[2]] as const),
      );
      const [ringPin, pin, values, ringValues] = await Promise.all(
        this.paths().map(async (path): Promise<unknown> => {
          if (!there.has(path)) return undefined;
          return parsed((await git(this.root, ["cat-file", "blob", `${commit}:${path}`])).toString());
        }),
      );
      const [ofRing, ofStage] = this.overlays().map((path) => there.get(path));
      return {
        pin: ringPin ?? pin,
        values: this.withValues ? overlay([values, ringValues].filter(isMapping)) : null,
        overlay: this.withValues ? (ofRing ?? ofStage) : undefined,
      };
    } catch (error) {
      if (error instanceof GitError) return undefined;
      throw error;
    }
  }

  private overlays(): string[] {
    const at = `${this.component.directory}/stages/${this.step.stage}`;
    return [`${at}/rings/${this.step.ring ?? ""}/overlay`, `${at}/overlay`];
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

/** Whether an Application with these sources deploys the chart, or the base, of a pin in its version. */
export function deploysChart(sources: readonly Source[], { component, chart, version, repo, kustomize }: Pin): boolean {
  if (kustomize)
    return sources.some(({ path }) => groups.some((group) => path === basePath(group, component, version)));
  return sources.some((source) =>
    repo === undefined
      ? source.path === `gitops/charts/${chart}/${version}`
      : source.chart === chart && source.targetRevision === version,
  );
}
