import { appendFileSync } from "node:fs";
import type { Context } from "mocha";

/**
 * Skips a test or a whole suite and prints why: a skipped case without a reason is a defect. The runner names the reasons
 * once more at its end.
 */
export function skip(context: Context, reason: string): never {
  console.log(`      skipped: ${reason}`);
  const file = process.env.ONEBRANCH_SKIP_REASONS;
  if (file) appendFileSync(file, `${reason}\n`);
  context.skip();
}
