import assert from "node:assert/strict";
import { atMost } from "../../machine/at-most";

describe("works of which only a few run at a time", () => {
  it("start in their order, as others end, also where one fails", async () => {
    const few = atMost(2);
    const [started, ends]: [number[], (() => void)[]] = [[], []];
    const all = [0, 1, 2, 3].map((number) =>
      few(async () => {
        started.push(number);
        await new Promise<void>((end) => (ends[number] = end));
        if (number === 1) throw new Error("no");
        return number;
      }).catch((error: Error) => error.message),
    );
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    await settle();
    assert.deepEqual(started, [0, 1]);
    ends[1]!();
    await settle();
    assert.deepEqual(started, [0, 1, 2]);
    ends[0]!();
    ends[2]!();
    await settle();
    assert.deepEqual(started, [0, 1, 2, 3]);
    ends[3]!();
    assert.deepEqual(await Promise.all(all), [0, "no", 2, 3]);
  });
});
