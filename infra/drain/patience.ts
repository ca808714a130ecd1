import { setTimeout as pause } from "node:timers/promises";
import { UserError } from "../../model/errors";

/** Time as a drain sees it. Replaced in tests. */
export interface Clock {
  now(): number;
  pause(milliseconds: number): Promise<void>;
}

const realClock: Clock = {
  now: () => performance.now(),
  pause: async (milliseconds) => {
    await pause(milliseconds);
  },
};

const interval = 1000;

/** The time that all steps of a drain share. */
export class Patience {
  readonly #end: number;

  /** @param seconds for the whole drain */
  constructor(
    private readonly seconds: number,
    private readonly clock: Clock = realClock,
  ) {
    this.#end = clock.now() + seconds * 1000;
  }

  /**
   * Asks again and again until nothing is left.
   * @param left what is still there, in words
   * @param stalled when given: seconds without any change after which it returns `false` instead of waiting on
   * @throws UserError listing what is left when the time of the drain is over
   */
  async untilGone(what: string, left: () => Promise<string[]>, stalled = Infinity): Promise<boolean> {
    let before = "";
    let changed = this.clock.now();
    for (;;) {
      const names = await left();
      if (names.length === 0) return true;
      const now = this.clock.now();
      if (names.join() !== before) [before, changed] = [names.join(), now];
      else if (now - changed >= stalled * 1000) return false;
      if (now >= this.#end) {
        const list = names.map((name) => `- ${name}`).join("\n");
        throw new UserError(
          `the cluster could not be emptied within ${this.seconds} s; ${what} still there:\n${list}\nlook at what holds them (kubectl describe), then run destroy again`,
          { exitCode: 1 },
        );
      }
      await this.clock.pause(interval);
    }
  }
}
