import { lifetimeIn } from "../../../model/lifetime";
import { UserError } from "../../../model/errors";
import { removeEmptyHome } from "../../stack/record";
import type { StackTask } from "../../stack/task";
import { tearDown } from "../../stack/tear-down";
import { allOf } from "../../terminal/table";
import { findStacks } from "./find";
import { judge, type Judgement } from "./judge";

/** What `sweep` was asked to do. */
export interface SweepRequest {
  dryRun: boolean;
  yes: boolean;
  json: boolean;
}

/** One stack in the JSON of `sweep`. */
interface Swept {
  stack: string;
  outcome: "destroyed" | "kept" | "failed" | "to destroy";
  /** Why; what went wrong, where it failed. */
  reason: string;
  expires?: string;
}

/** Destroys what is past its time, one stack after the other; returns 1 when one of them could not be. */
export async function sweepStacks(
  taskOn: (stack: string) => StackTask,
  { dryRun, yes, json }: SweepRequest,
): Promise<number> {
  const { io, home, progress, stop } = taskOn("");
  const judgements = (await findStacks(taskOn(""))).map((found) => judge(found, io.date()));
  progress.stop();
  const swept: Swept[] = [];
  const report = (one: Swept) => {
    swept.push(one);
    if (!json) io.out(`${lineOf(one)}\n`);
  };
  const over = judgements.filter(({ isOver }) => isOver);
  for (const one of judgements.filter(({ isOver }) => !isOver)) report(sweptAs(one, "kept"));

  const names = allOf(over.map(({ stack }) => stack));
  if (dryRun) {
    for (const one of over) report(sweptAs(one, "to destroy"));
  } else if (over.length > 0 && io.ask !== undefined && !yes && !(await io.ask(`destroy ${names}?`))) {
    io.err("nothing was changed\n");
    return 1;
  } else {
    for (const one of over) {
      stop.signal.throwIfAborted();
      report(await end(taskOn(one.stack), one));
    }
  }
  removeEmptyHome(home);
  if (json) io.out(`${JSON.stringify(swept, undefined, 2)}\n`);
  else if (over.length === 0) io.out("no stack is past its time\n");
  return swept.some(({ outcome }) => outcome === "failed") ? 1 : 0;
}

function sweptAs({ stack, reason, expires }: Judgement, outcome: Swept["outcome"], why = reason): Swept {
  return { stack, outcome, reason: why, ...(expires !== undefined && { expires }) };
}

/** One stack that cannot be destroyed does not keep the others alive. */
async function end(task: StackTask, one: Judgement): Promise<Swept> {
  const { io, stack, progress, stop } = task;
  try {
    const { outcome, text } = await tearDown(
      { ...task, verb: "destroy" },
      {
        yes: true,
        // Somebody may have renewed it a moment ago.
        reasonToKeep(deployment) {
          const lifetime = lifetimeIn(deployment);
          if (lifetime === undefined || lifetime.expires === one.expires) return undefined;
          const again = judge({ stack, lifetime, inTree: false, elsewhere: false }, io.date());
          return again.isOver ? undefined : again.reason;
        },
      },
    );
    return outcome === "kept" ? sweptAs(one, outcome, text) : sweptAs(one, outcome);
  } catch (error) {
    if (stop.signal.aborted || !(error instanceof UserError)) throw error;
    return sweptAs(one, "failed", error.message);
  } finally {
    progress.stop();
  }
}

function lineOf({ stack, outcome, reason }: Swept): string {
  return outcome === "to destroy" ? `would destroy ${stack}: ${reason}` : `${outcome} ${stack}: ${reason}`;
}
