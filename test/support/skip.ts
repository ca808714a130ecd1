import type { Context } from "mocha";

/** Skips a test or a whole suite and prints why: a skipped case without a reason is a defect. */
export function skip(context: Context, reason: string): never {
  console.log(`      skipped: ${reason}`);
  context.skip();
}
