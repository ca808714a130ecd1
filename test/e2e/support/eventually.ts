import { setTimeout as sleep } from "node:timers/promises";

/** What an expectation found: whether it holds, and both sides in words (`should be X, is Y`). */
export type Expectation = () => Promise<{ holds: boolean; message: string }>;

/** How many times longer than on an idle machine something may take: others use the same processors. */
const patience = 3;

/** Asks until the expectation holds, each 200 ms by default; after `seconds` of an idle machine fails with the last message. */
export async function eventually(expectation: Expectation, seconds = 60, pause = 200): Promise<void> {
  const start = Date.now();
  for (;;) {
    const { holds, message } = await expectation().catch((error: Error) => ({ holds: false, message: error.message }));
    if (holds) return;
    const waited = (Date.now() - start) / 1000;
    if (waited > seconds * patience) throw new Error(`after ${Math.round(waited)} s: ${message}`);
    await sleep(pause);
  }
}
