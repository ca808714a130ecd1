import assert from "node:assert/strict";
import { inTurns } from "../../../../../infra/providers/embedded/toolchain/turns";

describe("toolchain: one program after the other", () => {
  /** What a test does while a program is compiled. */
  interface Running {
    compiles: (path: string) => void;
    finish: () => void;
    fail: (error: Error) => void;
  }
  let running: Record<string, Running>;
  let ended: Set<string>;
  beforeEach(() => {
    running = {};
    ended = new Set();
  });

  const turn = (name: string, ...lacks: string[]) => ({
    lacks,
    work: (signal: AbortSignal, compiles: (path: string) => void) =>
      new Promise<void>((resolve, reject) => {
        const end = (how: () => void) => () => {
          ended.add(name);
          how();
        };
        signal.addEventListener("abort", end(resolve));
        running[name] = { compiles, finish: end(resolve), fail: (error) => end(() => reject(error))() };
      }),
  });
  /** What was called is known a moment later. */
  const names = async () => {
    await new Promise(setImmediate);
    return Object.keys(running);
  };

  it("begins the next one when only what nobody else needs is left of the one before", async () => {
    const done = inTurns([turn("one", "shared", "a", "b"), turn("two", "shared", "c"), turn("three", "c", "d")]);
    assert.deepEqual(await names(), ["one"]);
    running.one?.compiles("a");
    assert.deepEqual(await names(), ["one"]);
    running.one?.compiles("shared");
    assert.deepEqual(await names(), ["one", "two"]);
    running.two?.compiles("c");
    assert.deepEqual(await names(), ["one", "two", "three"]);
    for (const name of ["two", "one", "three"]) running[name]?.finish();
    await done;
  });

  it("waits for the end of one whose packages were all compiled before", async () => {
    const done = inTurns([turn("one"), turn("two")]);
    assert.deepEqual(await names(), ["one"]);
    running.one?.finish();
    assert.deepEqual(await names(), ["one", "two"]);
    running.two?.finish();
    await done;
  });

  it("stops the others when one fails, begins no more, and says why", async () => {
    const done = inTurns([turn("one", "a"), turn("two", "b"), turn("three", "b")]);
    assert.deepEqual(await names(), ["one"]);
    running.one?.compiles("a");
    assert.deepEqual(await names(), ["one", "two"]);
    running.one?.fail(new Error("does not compile"));
    await assert.rejects(done, { message: "does not compile" });
    assert.deepEqual([...ended], ["one", "two"]);
    assert.deepEqual(await names(), ["one", "two"]);
  });
});
