import type { StackTask } from "../../stack/task";
import { tearDown } from "../../stack/tear-down";

/** Removes a stack and prints what became of it; returns the exit code. */
export async function destroyStack(task: StackTask, { yes, json }: { yes: boolean; json: boolean }): Promise<number> {
  const { io, stack } = task;
  const result = await tearDown(task, { yes });
  if (result.outcome === "kept") {
    io.err(`${result.text}\n`);
    return 1;
  }
  const { changes, text } = result;
  io.out(json ? `${JSON.stringify({ stack, changes }, undefined, 2)}\n` : `${stack}: ${text}\n`);
  return 0;
}
