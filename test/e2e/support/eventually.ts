import { setTimeout as sleep } from "node:timers/promises";

/** What an expectation found: whether it holds, and both sides in words (`should be X, is Y`). */
export type Expectation = () => Promise<{ holds: boolean; message: string }>;

/** Asks until the expectation holds, each 200 ms by default; after `seconds` fails with the last message. */
export async function eventually(expectation: Expectation, seconds = 60, pause = 200): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const { holds, message } = await expectation().catch((error: Error) => ({ holds: false, message: error.message }));
    if (holds) return;
    if (Date.now() > deadline) throw new Error(`after ${seconds} s: ${message}`);
    await sleep(pause);
  }
}
