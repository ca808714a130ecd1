import { findCommit, git } from "../../../machine/git";
import type { Context } from "../../command";
import { failure } from "../../terminal/fail";
import type { LiveTable } from "../../terminal/live-table";
import type { Checkout } from "../../tree/checkout";
import type { EditedFile } from "../../tree/edit";
import type { GitTree } from "../../tree/git-tree";
import { readPins, type PinnedComponent, type Pins } from "../../tree/pins";
import { promotionsFor, type Promotions } from "../../promotion/promotions";
import { sound } from "../../promotion/through-rings";
import { pinAt, stepName, stepsThrough, type Step } from "../../tree/ring-steps";
import { catchUp, land, Overtaken, type Branch } from "./branch";
import { wayOf, type Way } from "./history";
import { Watched } from "../../promotion/clusters/look";
import { membersOf } from "../../promotion/clusters/members";
import { Payload } from "../../promotion/clusters/payload";
import type { Soak } from "../../promotion/soak";
import type { Wanted } from "../../promotion/clusters/standing";
import { watch, type Outcome } from "./watch";

/** What a command line asks for. */
export interface Asked {
  component: string;
  to: string;
  soak?: Soak | undefined;
  /** Why the soak is not waited for. */
  force?: string | undefined;
  /** Why the end of a freeze is not waited for. */
  freeze?: string | undefined;
  timeout: number;
  /** Whether a version that was taken back is tried again. */
  again: boolean;
  /** Whether all steps of the rollout are taken back, or the last one alone. */
  takesAllBack: boolean;
}

export interface Result {
  outcome: "done" | "taken back" | "failed";
  /** What a person should know, in sentences. */
  said: string[];
  commits: { id: string; subject: string }[];
}

/** One look at the branch. */
export interface State {
  head: string;
  files: GitTree;
  pins: Pins;
  component: PinnedComponent;
  /** Every step through the stage. */
  order: Step[];
  way: Way;
  /** The next step; undefined when there is none. */
  next?: Promotions | undefined;
}

/** How often a commit is made again over what others have committed meanwhile. */
const mostTries = 10;

/** One run of a rollout: what it was asked for, the branch that it commits to, and the clusters that it looks at. */
export class Run {
  private readonly commits: Result["commits"] = [];
  private readonly watched = new Map<string, Watched>();

  constructor(
    readonly context: Context,
    private readonly checkout: Checkout,
    readonly branch: Branch,
    readonly asked: Asked,
    readonly table: LiveTable,
    private readonly signal: AbortSignal,
  ) {}

  async read(): Promise<State> {
    const { component: name, to } = this.asked;
    const head = (await findCommit(this.branch.root, "HEAD"))!;
    const files = await this.checkout.tree(head);
    const pins = readPins(files);
    const found = promotionsFor(pins, { to, component: name });
    const component = pins.components.find((one) => one.name === name)!;
    const order = stepsThrough(to, pins.rings.get(to) ?? []);
    const directory = `${component.directory}/stages/${to}`;
    const way = await wayOf(this.branch.root, name, directory, order.map(stepName));
    return { head, files, pins, component, order, way, ...(found.promotions.length > 0 && { next: found }) };
  }

  directory({ component }: Pick<State, "component">): string {
    return `${component.directory}/stages/${this.asked.to}`;
  }

  cluster(name: string): Watched {
    const found = this.watched.get(name) ?? new Watched(this.context, "rollout", name);
    this.watched.set(name, found);
    return found;
  }

  wanted({ component, head }: Pick<State, "component" | "head">, step: Step): Wanted {
    const payload = new Payload(this.branch.root, component, step, head, true);
    return { name: component.name, pin: sound(pinAt(component, step)!), payload };
  }

  async watch(state: State, step: Step, more: { soak?: Soak | undefined; back?: boolean }): Promise<Outcome> {
    const { clusters } = membersOf(state.files, state.component, step);
    const watched = clusters.map(({ name }) => this.cluster(name));
    if (watched.length === 0 || pinAt(state.component, step) === undefined) return { ok: true };
    const { timeout } = this.asked;
    const wanted = this.wanted(state, step);
    const all = { step, clusters: watched, wanted, commit: state.head, timeout, ...more };
    return watch(this.context, this.table, this.signal, all);
  }

  /** Commits on top of what this state was read from; what others have committed elsewhere meanwhile does not matter. */
  async commit(state: State, edits: readonly EditedFile[], message: string): Promise<void> {
    const { root, name } = this.branch;
    for (let i = 0; i < mostTries; i++) {
      try {
        const id = await land(this.branch, edits, message);
        const subject = message.split("\n")[0]!;
        this.commits.push({ id, subject });
        this.table.line(`${id.slice(0, 10)}  ${subject}`);
        return;
      } catch (error) {
        if (!(error instanceof Overtaken)) throw error;
      }
      await catchUp(this.branch);
      const range = `${state.head}..HEAD`;
      const format = "--format=%h%x1f%an%x1f%s";
      const said = (await git(root, ["log", "-1", format, range, "--", this.directory(state)])).toString().trim();
      if (said === "") continue;
      const [commit, author, subject] = said.split("\x1f");
      const { component, to } = this.asked;
      throw failure(
        `${author} goes on with ${component} in ${to}: ${commit} (${subject}) came first, and this run has changed nothing since; run the same command to follow it`,
      );
    }
    throw failure(`others commit to ${name} faster than this run; run the same command again`);
  }

  result(outcome: Result["outcome"], said: string[]): Result {
    return { outcome, said, commits: this.commits };
  }
}

export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
