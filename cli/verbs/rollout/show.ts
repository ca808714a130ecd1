import type { Context, Input } from "../../command";
import { wantsColour } from "../../terminal/colour";
import { parseDuration } from "../../terminal/duration";
import { usageError } from "../../terminal/fail";
import { interruptible } from "../../terminal/interrupt";
import { createLiveTable } from "../../terminal/live-table";
import { Checkout } from "../../tree/checkout";
import { finishEarlierEdit } from "../../tree/edit";
import { alone, branchOf } from "./branch";
import { aheadText, lookAhead } from "./ahead";
import { rollOut } from "./rollout";
import { Run, type Asked, type Result } from "./run";
import { reasonsNotToWait, soakIn } from "../../promotion/soak";

const usualTimeout = "15m";

/** Takes a component through the rings of a stage; returns 1 when it did not get through. */
export async function rollout(input: Input, context: Context): Promise<number> {
  const asked = askedOf(input);
  const root = context.root();
  const { io } = context;
  const dry = input.flag("dry-run");
  if (!dry) finishEarlierEdit(root, io.err);
  const checkout = await Checkout.open(root);
  const branch = await branchOf(root, input.flag("push"));
  const table = createLiveTable(io);
  const { component, to } = asked;
  const work = async ({ signal }: { signal: AbortSignal }) => {
    const run = new Run(context, checkout, branch, asked, table, signal);
    if (dry) return showAhead(run, input, context);
    const result = await alone(root, component, to, () => rollOut(run)).finally(() => table.stop());
    if (input.flag("json")) io.out(`${JSON.stringify({ component, stage: to, ...result }, undefined, 2)}\n`);
    else io.out(text(result));
    return result.outcome === "done" ? 0 : 1;
  };
  return interruptible(io, `onebranch rollout ${component} --to ${to}`, work);
}

async function showAhead(run: Run, input: Input, context: Context): Promise<number> {
  const ahead = await lookAhead(run, input, context);
  const { io } = context;
  if (!input.flag("json")) io.out(aheadText(run, ahead, wantsColour(io)));
  else {
    const { planned, ...facts } = ahead;
    const { component, to: stage } = run.asked;
    const plan = { plan: planned.shown?.plan, unplanned: planned.unplanned };
    io.out(`${JSON.stringify({ component, stage, ...facts, ...plan }, undefined, 2)}\n`);
  }
  return 0;
}

function text({ said }: Result): string {
  return `${said.join("\n")}\n`;
}

function askedOf(input: Input): Asked {
  const to = input.text("to");
  if (to === undefined) throw usageError("say which stage it goes through with --to STAGE");
  const { force, freeze } = reasonsNotToWait(input);
  const soak = soakIn(input);
  return {
    ...{ component: input.operands[0]!, to, force, freeze },
    ...(force === undefined && { soak }),
    timeout: parseDuration("timeout", input.text("timeout") ?? usualTimeout),
    again: input.flag("again"),
    takesAllBack: input.text("take-back") !== "last",
  };
}
