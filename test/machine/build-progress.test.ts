import assert from "node:assert/strict";
import { formatProgress, formatSeconds, progressMeter } from "../../machine/build-progress";

describe("the progress of a build", () => {
  it("tells the time left from the speed so far, once there is one", () => {
    let now = 0;
    const meter = progressMeter(100, () => now * 1000);
    assert.deepEqual(meter.progress, { compiled: 0, all: 100 });
    meter.compile(1);
    now = 4;
    meter.compile(29);
    assert.deepEqual(meter.progress, { compiled: 30, all: 100 });
    now = 10;
    meter.compile(10);
    assert.deepEqual(meter.progress, { compiled: 40, all: 100, secondsLeft: 15 });
  });

  it("goes by what is counted, whatever was guessed before", () => {
    let now = 0;
    const meter = progressMeter(1000, () => now * 1000);
    meter.compile(40);
    now = 10;
    meter.remain(80);
    assert.deepEqual(meter.progress, { compiled: 40, all: 120, secondsLeft: 20 });
    meter.compile(81);
    assert.deepEqual(meter.progress, { compiled: 121, all: 121, secondsLeft: 0 });
  });

  it("is a bar, the packages and the time", () => {
    assert.equal(
      formatProgress({ compiled: 999, all: 1000, secondsLeft: 61 }),
      "[###################.] 99 %, 999 of 1,000 packages compiled, about 1 min 1 s left",
    );
    assert.equal(formatProgress({ compiled: 0, all: 0 }), "[####################] 100 %, 0 of 0 packages compiled");
  });

  it("writes times as people say them", () => {
    assert.deepEqual([0.4, 59.4, 59.6, 60, 61, 3600].map(formatSeconds), [
      "0 s",
      "59 s",
      "1 min",
      "1 min",
      "1 min 1 s",
      "60 min",
    ]);
  });
});
