import type { Context, Input } from "../../command";
import { openWorkingTree } from "../../tree/checkout";
import { commitLines, refuseUncommitted } from "../../tree/commit";
import { count } from "../../terminal/table";
import { freezeOf, freezeWords } from "../../promotion/freeze";
import { pinAt, stepAt, stepName, type Step } from "../../tree/ring-steps";
import { plannedText, planPromotion, type PlannedPromotion } from "../../promotion/planned";
import { membersOf } from "../../promotion/clusters/members";
import { afterStep, reached, stepMessage, unready, startsAnew } from "./rollout";
import { indented, type Run, type State } from "./run";
import { missing } from "../../promotion/soak";
import { beginsWith } from "./take-back";

/** A step that is still to be made. */
interface StepAhead {
  step: string;
  /** Those that are watched. */
  clusters: string[];
  /** Why others of its clusters are passed by. */
  passedBy: string[];
}

/** What a rollout would do from here. */
export interface Ahead {
  /** What it would go through, the next step first. */
  steps: StepAhead[];
  /** How the clusters stand that have it so far. */
  now: string[];
  /** What it would wait for, or be refused for, if it began now. */
  holds: string[];
  /** What the next commit would say. */
  message?: string;
  planned: PlannedPromotion;
}

/** Looks ahead: each cluster is asked once, and nothing is written, fetched or pushed. */
export async function lookAhead(run: Run, input: Input, context: Context): Promise<Ahead> {
  const state = await run.read();
  const { asked, branch } = run;
  await refuseUncommitted(branch.root, [run.directory(state)]);
  const { takenBack } = state.way;
  if (takenBack !== undefined && !startsAnew(run, state)) {
    const head = `${asked.component} was taken back from ${takenBack.step} (${takenBack.id.slice(0, 10)}); ${beginsWith}`;
    return { steps: [], now: [], holds: [head], planned: {} };
  }
  const here = reached(run, state);
  const { now, holds } = here === undefined ? { now: [], holds: [] } : await standingAt(run, state, here);
  const { next } = state;
  if (next === undefined) return { steps: [], now, holds, planned: {} };
  const step = stepAt(asked.to, next.promotions[0]!.ring);
  const after = afterStep(state, next);
  const frozen = freezeOf(state.files, asked.to, run.context.io.date());
  const freezes = frozen === undefined || asked.freeze !== undefined ? [] : [freezeWords(asked.to, frozen)];
  return {
    steps: stepsAhead(after, step),
    now,
    holds: [...holds, ...freezes, ...(await unready(run, after, step))],
    message: stepMessage(run, state, next, { frozen: [], isLater: here !== undefined }),
    planned: await planPromotion(input, context, await openWorkingTree(branch.root), next),
  };
}

/** The clusters of every step from one on; each gets what the first of them gets. */
function stepsAhead({ files, component, order }: State, first: Step): StepAhead[] {
  const place = order.findIndex((one) => stepName(one) === stepName(first));
  return order.slice(place).map((step) => {
    const { clusters, others } = membersOf(files, component, step);
    return {
      step: stepName(step),
      clusters: clusters.map(({ name }) => name),
      passedBy: others.map(({ why }) => why),
    };
  });
}

/** How the clusters of the furthest step stand, and what is still waited for there. */
async function standingAt(run: Run, state: State, here: Step): Promise<{ now: string[]; holds: string[] }> {
  if (pinAt(state.component, here) === undefined) return { now: [], holds: [] };
  const { soak } = run.asked;
  const isLast = stepName(here) === stepName(state.order.at(-1)!);
  const wanted = run.wanted(state, here);
  const looks = membersOf(state.files, state.component, here).clusters.map(async ({ name }) => {
    const { standing } = await run.cluster(name).look(wanted);
    const limit = soak === undefined || isLast ? { text: "", milliseconds: 0 } : soak;
    const reason = missing(standing, limit, run.context.io.date());
    const place = `${stepName(here)}: ${name}`;
    return reason === undefined ? { now: `${place} has it, Synced and Healthy` } : { holds: `${place} ${reason}` };
  });
  const found = await Promise.all(looks);
  return { now: found.flatMap((one) => one.now ?? []), holds: found.flatMap((one) => one.holds ?? []) };
}

/** The same for a person. */
export function aheadText(run: Run, { steps, now, holds, message, planned }: Ahead, colour: boolean): string {
  const { component, to } = run.asked;
  const width = Math.max(0, ...steps.map(({ step }) => step.length));
  const head =
    steps.length === 0
      ? `no step of ${component} in ${to} is left`
      : `${count(steps.length, "step")} of ${component} in ${to}`;
  const lines = [
    `${head} (nothing is written)`,
    ...steps.flatMap(({ step, clusters, passedBy }) => [
      `  ${step.padEnd(width)}  ${clusters.join(", ") || "no cluster has it"}`,
      ...passedBy.map((why) => `  ${" ".repeat(width)}  ${why}`),
    ]),
    ...now,
    ...(holds.length === 0 ? [] : ["what holds it now:", ...indented(holds)]),
    ...(message === undefined ? [] : ["", ...commitLines({ message })]),
  ];
  return `${lines.join("\n")}\n${plannedText(planned, colour)}`;
}
