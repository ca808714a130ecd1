import { failure } from "../../terminal/fail";
import { refuseUncommitted } from "../../tree/commit";
import { pinWords, readPins, type PinnedComponent, type Pins } from "../../tree/pins";
import { freezeLine, refuseFrozen } from "../../promotion/freeze";
import { commitMessage } from "../../promotion/message";
import type { Promotions } from "../../promotion/promotions";
import { frontOf, pinAt, stepAt, stepName, type Step } from "../../tree/ring-steps";
import { catchUp } from "./branch";
import { stepLine } from "./history";
import { membersOf } from "../../promotion/clusters/members";
import { indented, type Result, type Run, type State } from "./run";
import { afterFailure, endTakingBack, versionLine } from "./take-back";

/** Takes one component through the rings of a stage. What it has done so far is in Git alone, so that it can be run again at any time. */
export async function rollOut(run: Run): Promise<Result> {
  await catchUp(run.branch);
  let made: Step | undefined;
  for (let isFirst = true; ; isFirst = false) {
    const state = await run.read();
    if (isFirst) await refuseUncommitted(run.branch.root, [run.directory(state)]);
    if (state.way.takenBack !== undefined && (!isFirst || !startsAnew(run, state))) return endTakingBack(run, state);
    const here = made ?? reached(run, state);
    if (here !== undefined) {
      const isLast = stepName(here) === stepName(state.order.at(-1)!);
      const outcome = await run.watch(state, here, { soak: isLast ? undefined : run.asked.soak });
      if (!outcome.ok) {
        const result = await afterFailure(run, state, here, outcome);
        if (result !== undefined) return result;
        continue;
      }
      if (isLast) return done(run, state);
    }
    if (state.next === undefined) return done(run, state);
    made = await makeStep(run, state, state.next, here !== undefined);
  }
}

/** The furthest step that has what is on its way; undefined before the first one. */
export function reached({ asked }: Run, { pins, component, order, next }: State): Step | undefined {
  const front = frontOf(pins, component, asked.to);
  return front >= 0 ? order[front] : next === undefined ? order.at(-1) : undefined;
}

/** Whether there is something else to roll out than what was taken back, or the same is to be tried again. */
export function startsAnew({ asked }: Run, { way, component, next, order }: State): boolean {
  if (asked.takesAllBack && way.steps.length > 0) return false;
  if (asked.again) return true;
  const { takenBack } = way;
  const origin = next?.promotions[0]?.origin;
  if (takenBack === undefined || origin === undefined) return false;
  const source = next?.from === origin ? component.pins.get(origin) : pinAt(component, stepAt(asked.to, origin));
  const step = order.find((one) => stepName(one) === takenBack.step);
  return (
    step !== undefined && !takenBack.message.split("\n").includes(versionLine(source?.pin && pinWords(source.pin)))
  );
}

/** Makes the next step, as one commit. */
async function makeStep(run: Run, state: State, next: Promotions, isLater: boolean): Promise<Step> {
  const { to, freeze } = run.asked;
  const promotion = next.promotions[0]!;
  const step = stepAt(to, promotion.ring);
  const broken = refuseFrozen(state.files, to, run.context.io.date(), freeze);
  const after = afterStep(state, next);
  const { clusters, others } = membersOf(after.files, after.component, step);
  for (const { why } of others) run.table.line(`${stepName(step)}: ${why}`);
  if (clusters.length === 0) run.table.line(`${stepName(step)}: no cluster has it, so there is nothing to wait for`);
  const faults = await unready(run, after, step);
  if (faults.length > 0) {
    const head = `${run.asked.component} does not go to ${stepName(step)}, and nothing was committed:`;
    throw failure([head, ...indented(faults)].join("\n"));
  }
  const frozen = broken === undefined ? [] : [[freezeLine(broken)]];
  await run.commit(state, promotion.edits, stepMessage(run, state, next, { frozen, isLater }));
  return step;
}

/** What the commit of a step says. */
export function stepMessage(
  { asked: { component, to, soak, force } }: Run,
  { files, pins }: State,
  next: Promotions,
  { frozen, isLater }: { frozen: string[][]; isLater: boolean },
): string {
  return commitMessage(files, pins, next, [
    ...frozen,
    ...(isLater && soak === undefined && force !== undefined ? [[`Without a soak: ${force}`]] : []),
    [stepLine(component, stepAt(to, next.promotions[0]!.ring))],
  ]);
}

/** The state in which the next step is made. */
export function afterStep(state: State, next: Promotions): State {
  const pins = readPins(state.files.with(next.promotions[0]!.edits));
  return { ...state, component: componentIn(pins, state.component.name) };
}

/** Why a step could not be watched: it is not made then. */
export async function unready(run: Run, state: State, step: Step): Promise<string[]> {
  const { branch } = run;
  const wanted = run.wanted(state, step);
  const faults = membersOf(state.files, state.component, step).clusters.map(async ({ name }) => {
    const cluster = run.cluster(name);
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
  return (await Promise.all(faults)).flat();
}

function done(run: Run, { component, files }: State): Result {
  const { to } = run.asked;
  const pin = component.pins.get(to)?.pin;
  const what = pin === undefined ? component.name : `${component.name} ${pinWords(pin)}`;
  const { clusters, others } = membersOf(files, component, { stage: to });
  if (others.length === 0 && clusters.length > 0)
    return run.result("done", [`${what} is in every cluster of ${to}, Synced and Healthy`]);
  const where = clusters.length > 0 ? "Synced and Healthy in every cluster but these" : "and no cluster has it";
  const head = `${what} is in ${to}, ${where}`;
  return run.result("done", others.length === 0 ? [head] : [`${head}:`, ...indented(others.map(({ why }) => why))]);
}

function componentIn(pins: Pins, name: string): PinnedComponent {
  return pins.components.find((one) => one.name === name)!;
}
