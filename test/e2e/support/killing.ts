import assert from "node:assert/strict";
import type { Checkout } from "./checkout";
import { isReplayed, sayPart } from "./replays";

/** One finished step of a run: `created kubernetes:core/v1:Namespace argocd (0.3 s)`. */
function step(line: string, verb: "created" | "deleted"): string | undefined {
  return new RegExp(`^\\s*${verb} (\\S+ \\S+)`).exec(line)?.[1];
}

/**
 * Runs a command again and again; each run is killed with SIGKILL right after the first step that no earlier run came to, so
 * that the test finds the steps itself; in a part of the replay, not after each of them. Returns the steps and the output of the
 * run that was not killed.
 */
export async function killAfterEachStep(checkout: Checkout, verb: "created" | "deleted", args: string[]) {
  const steps: string[] = [];
  let killed = 0;
  for (;;) {
    const command = checkout.start(...args);
    command.onLine((line) => {
      const found = step(line, verb);
      if (!found || steps.includes(found)) return;
      if (isReplayed(steps.push(found) - 1)) command.signal("SIGKILL");
    });
    const result = await command.result();
    if (result.signal !== "SIGKILL") {
      sayPart(killed, steps.length, "steps");
      return { steps, result };
    }
    killed++;
    assert.ok(steps.length < 100, `no end after ${steps.join(", ")}`);
  }
}
