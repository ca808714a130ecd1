import { findCommit, git } from "../../../machine/git";
import type { Context } from "../../command";
import { failure } from "../../terminal/fail";
import type { LiveTable } from "../../terminal/live-table";
import { refuseUncommitted } from "../../tree/commit";
import type { Checkout } from "../../tree/checkout";
import type { EditedFile } from "../../tree/edit";
import type { GitTree } from "../../tree/git-tree";
import { pinWords, readPins, type PinnedComponent, type Pins } from "../../tree/pins";
import { freezeLine, refuseFrozen } from "../../tree/promotion/freeze";
import { commitMessage } from "../../tree/promotion/message";
import { promotionsFor, type Promotions } from "../../tree/promotion/promotions";
import { sound } from "../../tree/promotion/through-rings";
import { frontOf, pinAt, stepAt, stepName, stepsThrough, type Step } from "../../tree/ring-steps";
import { catchUp, land, Overtaken, type Branch } from "./branch";
import { stepLine, wayOf, type Way } from "./history";
import { Watched } from "./look";
import { membersOf } from "./members";
import { Payload } from "./payload";
import type { Soak } from "./soak";
import type { Wanted } from "./standing";
import { backMessage, reasonsIn, reversingEdits } from "./take-back";
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
interface State {
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

/** Takes one component through the rings of a stage. What it has done so far is in Git alone, so that it can be run again at any time. */
export class Rollout {
  private readonly commits: Result["commits"] = [];
  private readonly watched = new Map<string, Watched>();

  constructor(
    private readonly context: Context,
    private readonly checkout: Checkout,
    private readonly branch: Branch,
    private readonly asked: Asked,
    private readonly table: LiveTable,
    private readonly signal: AbortSignal,
  ) {}

  async run(): Promise<Result> {
    await catchUp(this.branch);
    let made: Step | undefined;
    for (let isFirst = true; ; isFirst = false) {
      const state = await this.read();
      if (isFirst) await refuseUncommitted(this.branch.root, [this.directory(state)]);
      if (state.way.takenBack !== undefined && (!isFirst || !this.startsAnew(state))) return this.endTakingBack(state);
      const last = state.order.at(-1)!;
      const front = frontOf(state.pins, state.component, this.asked.to);
      const here = made ?? (front >= 0 ? state.order[front] : state.next === undefined ? last : undefined);
      if (here !== undefined) {
        const isLast = stepName(here) === stepName(last);
        const outcome = await this.watch(state, here, { soak: isLast ? undefined : this.asked.soak });
        if (!outcome.ok) {
          const result = await this.failed(state, here, outcome);
          if (result !== undefined) return result;
          continue;
        }
        if (isLast) return this.done(state);
      }
      if (state.next === undefined) return this.done(state);
      made = await this.step(state, state.next, here !== undefined);
    }
  }

  private async read(): Promise<State> {
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

  private directory({ component }: State): string {
    return `${component.directory}/stages/${this.asked.to}`;
  }

  /** Whether there is something else to roll out than what was taken back, or the same is to be tried again. */
  private startsAnew({ way, component, next, order }: State): boolean {
    if (this.asked.takesAllBack && way.steps.length > 0) return false;
    if (this.asked.again) return true;
    const { takenBack } = way;
    const origin = next?.promotions[0]?.origin;
    if (takenBack === undefined || origin === undefined) return false;
    const source = next?.from === origin ? component.pins.get(origin) : pinAt(component, stepAt(this.asked.to, origin));
    const step = order.find((one) => stepName(one) === takenBack.step);
    return (
      step !== undefined && !takenBack.message.split("\n").includes(versionLine(source?.pin && pinWords(source.pin)))
    );
  }

  /** Makes the next step, as one commit. */
  private async step(state: State, next: Promotions, isLater: boolean): Promise<Step> {
    const { component: name, to, soak, force, freeze } = this.asked;
    const promotion = next.promotions[0]!;
    const step = stepAt(to, promotion.ring);
    const broken = refuseFrozen(state.files, to, this.context.io.date(), freeze);
    const after = { ...state, component: componentIn(readPins(state.files.with(promotion.edits)), name) };
    await this.refuseUnready(after, step);
    const message = commitMessage(state.files, state.pins, next, [
      ...(broken === undefined ? [] : [[freezeLine(broken)]]),
      ...(isLater && soak === undefined && force !== undefined ? [[`Without a soak: ${force}`]] : []),
      [stepLine(name, step)],
    ]);
    await this.commit(state, promotion.edits, message);
    return step;
  }

  /** Refuses a step that could not be watched, before it is made. */
  private async refuseUnready(state: State, step: Step): Promise<void> {
    const { branch } = this;
    const { clusters, others } = membersOf(state.files, state.component, step);
    for (const { why } of others) this.table.line(`${stepName(step)}: ${why}`);
    if (clusters.length === 0) this.table.line(`${stepName(step)}: no cluster has it, so there is nothing to wait for`);
    const wanted = this.wanted(state, step);
    const faults = clusters.map(async ({ name }) => {
      const cluster = this.cluster(name);
      const { standing, application, follows } = await cluster.look(wanted);
      if (standing.state === "unreachable") return [`${name} cannot be reached: ${standing.why}`];
      const followed = application?.follows ?? follows;
      if (followed !== undefined && !["HEAD", branch.name].includes(followed.revision))
        return [`${name} follows ${followed.revision}, and this is ${branch.name}`];
      if (branch.remote === undefined && !cluster.followsCheckout())
        return [
          `${name} follows ${followed?.repoURL ?? "another repository"}, which a commit here does not reach: use --push`,
        ];
      return [];
    });
    const found = (await Promise.all(faults)).flat();
    if (found.length === 0) return;
    throw failure(
      `${this.asked.component} does not go to ${stepName(step)}, and nothing was committed:\n${found.map((one) => `  ${one}`).join("\n")}`,
    );
  }

  private async watch(state: State, step: Step, more: { soak?: Soak | undefined; back?: boolean }): Promise<Outcome> {
    const { clusters } = membersOf(state.files, state.component, step);
    const watched = clusters.map(({ name }) => this.cluster(name));
    if (watched.length === 0 || pinAt(state.component, step) === undefined) return { ok: true };
    const { timeout } = this.asked;
    const wanted = this.wanted(state, step);
    const all = { step, clusters: watched, wanted, commit: state.head, timeout, ...more };
    return watch(this.context, this.table, this.signal, all);
  }

  private wanted({ component, head }: State, step: Step): Wanted {
    const payload = new Payload(this.branch.root, component, step, head, true);
    return { name: component.name, pin: sound(pinAt(component, step)!), payload };
  }

  private cluster(name: string): Watched {
    const found = this.watched.get(name) ?? new Watched(this.context, "rollout", name);
    this.watched.set(name, found);
    return found;
  }

  /** Takes the last step back where this rollout has made it; undefined: it is taken back. */
  private async failed(
    state: State,
    here: Step,
    { reasons, unknown }: Extract<Outcome, { ok: false }>,
  ): Promise<Result | undefined> {
    const { component, to } = this.asked;
    const [last] = state.way.steps;
    const place = stepName(here);
    if (unknown) {
      const head = `no cluster of ${place} can be reached from here, so nothing is taken back; run the same command when that is over:`;
      return this.result("failed", [head, ...indented(reasons)]);
    }
    if (last?.step !== place) {
      const by = state.way.other;
      const who = by === undefined ? "" : ` (${by.id.slice(0, 10)} by ${by.author}: ${by.subject})`;
      const ring = here.ring === undefined || place === stepName(state.order.at(-1)!) ? "" : ` --ring ${here.ring}`;
      const head = `${component} is not well in ${place}, and no rollout has brought it there${who}, so it is not taken back; onebranch rollback ${component} --stage ${to}${ring}:`;
      return this.result("failed", [head, ...indented(reasons)]);
    }
    await this.takeBack(state, last, reasons);
    return undefined;
  }

  private async takeBack(state: State, step: Way["steps"][number], reasons: readonly string[]): Promise<void> {
    const { component } = this.asked;
    for (const line of reasons) this.table.line(line);
    const pin = pinAt(
      state.component,
      state.order.find((one) => stepName(one) === step.step)!,
    )?.pin;
    const edits = await reversingEdits(this.branch.root, step.id);
    const message = backMessage(component, step, [...reasons, ...(pin ? [versionLine(pinWords(pin))] : [])]);
    await this.commit(state, edits, message);
  }

  /** A step was taken back, by this run or by one before: its clusters are watched back to Healthy, then the steps before it follow. */
  private async endTakingBack(state: State): Promise<Result> {
    const { component, takesAllBack } = this.asked;
    const { takenBack, steps } = state.way;
    const { step: place, id, at } = takenBack!;
    const step = state.order.find((one) => stepName(one) === place) ?? state.order[0]!;
    const outcome = await this.watch(state, step, { back: true });
    const [earlier] = steps;
    if (outcome.ok && takesAllBack && earlier !== undefined) {
      const reasons = reasonsIn(takenBack!).filter((line) => !line.startsWith(versionStart));
      await this.takeBack(state, earlier, reasons);
      return this.endTakingBack(await this.read());
    }
    const reasons = reasonsIn(takenBack!);
    const head = `${component} was taken back from ${place} (${id.slice(0, 10)}, ${at.toISOString().slice(0, 10)}):`;
    const end = outcome.ok
      ? "its clusters are Synced and Healthy again; a rollout begins with another version, or with --again"
      : `not all of its clusters are back yet:\n${indented(outcome.reasons).join("\n")}`;
    return this.result("taken back", [head, ...indented(reasons), end]);
  }

  /** Commits on top of what this state was read from; what others have committed elsewhere meanwhile does not matter. */
  private async commit(state: State, edits: readonly EditedFile[], message: string): Promise<void> {
    const { root } = this.branch;
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
    throw failure(`others commit to ${this.branch.name} faster than this run; run the same command again`);
  }

  private done({ component }: State): Result {
    const pin = component.pins.get(this.asked.to)?.pin;
    const what = pin === undefined ? component.name : `${component.name} ${pinWords(pin)}`;
    return this.result("done", [`${what} is in every cluster of ${this.asked.to}, Synced and Healthy`]);
  }

  private result(outcome: Result["outcome"], said: string[]): Result {
    return { outcome, said, commits: this.commits };
  }
}

/** How often a commit is made anew over what others have committed meanwhile. */
const mostTries = 10;

const versionStart = "Version: ";

/** The line by which the commit that takes a step back says of which version it was. */
function versionLine(words: string | undefined): string {
  return `${versionStart}${words ?? "nothing"}`;
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

function componentIn(pins: Pins, name: string): PinnedComponent {
  return pins.components.find((one) => one.name === name)!;
}
