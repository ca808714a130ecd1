import { pinWords } from "../../tree/pins";
import { pinAt, stepName, type Step } from "../../tree/ring-steps";
import type { Way } from "./history";
import { backMessage, reasonsIn, reversingEdits } from "./reversal";
import { indented, type Result, type Run, type State } from "./run";
import type { Outcome } from "./watch";

/** Takes the last step back where a rollout has made it; undefined: it is taken back. */
export async function afterFailure(
  run: Run,
  state: State,
  here: Step,
  { reasons, unknown }: Extract<Outcome, { ok: false }>,
): Promise<Result | undefined> {
  const { component, to } = run.asked;
  const [last] = state.way.steps;
  const place = stepName(here);
  if (unknown) {
    const head = `no cluster of ${place} can be reached from here, so nothing is taken back; run the same command when that is over:`;
    return run.result("failed", [head, ...indented(reasons)]);
  }
  if (last?.step !== place) {
    const by = state.way.other;
    const who = by === undefined ? "" : ` (${by.id.slice(0, 10)} by ${by.author}: ${by.subject})`;
    const ring = here.ring === undefined || place === stepName(state.order.at(-1)!) ? "" : ` --ring ${here.ring}`;
    const head = `${component} is not well in ${place}, and no rollout has brought it there${who}, so it is not taken back; onebranch rollback ${component} --stage ${to}${ring}:`;
    return run.result("failed", [head, ...indented(reasons)]);
  }
  await takeBack(run, state, last, reasons);
  return undefined;
}

async function takeBack(run: Run, state: State, step: Way["steps"][number], reasons: readonly string[]): Promise<void> {
  for (const line of reasons) run.table.line(line);
  const pin = pinAt(
    state.component,
    state.order.find((one) => stepName(one) === step.step)!,
  )?.pin;
  const edits = await reversingEdits(run.branch.root, step.id);
  const said = [...reasons, ...(pin ? [versionLine(pinWords(pin))] : [])];
  await run.commit(state, edits, backMessage(run.asked.component, step, said));
}

/** A step was taken back, by this run or by one before: its clusters are watched back to Healthy, then the steps before it follow. */
export async function endTakingBack(run: Run, state: State): Promise<Result> {
  const { component, takesAllBack } = run.asked;
  const { takenBack, steps } = state.way;
  const { step: place, id, at } = takenBack!;
  const step = state.order.find((one) => stepName(one) === place) ?? state.order[0]!;
  const outcome = await run.watch(state, step, { back: true });
  const [earlier] = steps;
  const reasons = reasonsIn(takenBack!).filter((line) => !line.startsWith(versionStart));
  if (outcome.ok && takesAllBack && earlier !== undefined) {
    await takeBack(run, state, earlier, reasons);
    return endTakingBack(run, await run.read());
  }
  const head = `${component} was taken back from ${place} (${id.slice(0, 10)}, ${at.toISOString().slice(0, 10)}):`;
  const end = outcome.ok
    ? `its clusters are Synced and Healthy again; ${beginsWith}`
    : `not all of its clusters are back yet:\n${indented(outcome.reasons).join("\n")}`;
  return run.result("taken back", [head, ...indented(reasons), end]);
}

/** What a rollout whose version was taken back begins with. */
export const beginsWith = "a rollout begins with another version, or with --again";

const versionStart = "Version: ";

/** The line by which the commit that takes a step back says of which version it was. */
export function versionLine(words: string | undefined): string {
  return `${versionStart}${words ?? "nothing"}`;
}
