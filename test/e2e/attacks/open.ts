import type { Attempt } from "./attempt";
import type { Part } from "./request";

/** Runs one part of a row. A part that is marked as open must fail, and its reason is printed. */
export async function held(attempt: Attempt, part: Part, run: () => Promise<void> | void): Promise<void> {
  const reason = attempt.open?.[part];
  if (reason === undefined) return run();
  try {
    await run();
  } catch {
    console.log(`      open: ${attempt.id}, ${part}: ${reason}`);
    return;
  }
  throw new Error(`the ${part} of ${attempt.id} holds now: take its mark "open" away`);
}
