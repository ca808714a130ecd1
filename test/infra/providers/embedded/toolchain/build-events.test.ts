import assert from "node:assert/strict";
import {
  formatBuildEvent,
  buildEventPrinter,
  type BuildEvent,
} from "../../../../../infra/providers/embedded/toolchain";
import { formatSeconds } from "../../../../../infra/providers/embedded/toolchain/build-events";
import { progressMeter } from "../../../../../infra/providers/embedded/toolchain/progress";

const base: BuildEvent = {
  part: "argocd",
  index: 2,
  total: 5,
  remaining: 3,
  expectedSeconds: 360,
  elapsedSeconds: 0,
  state: "start",
};

describe("toolchain: build events", () => {
  const sentences: [Partial<BuildEvent>, string][] = [
    [{}, "[2/5] argocd: building, about 6 min on two cores; 3 more to build"],
    [
      { state: "running", elapsedSeconds: 90.4 },
      "[2/5] argocd: building for 1 min 30 s, about 6 min on two cores; 3 more to build",
    ],
    [
      { state: "running", elapsedSeconds: 90, progress: { compiled: 812, all: 2468, secondsLeft: 179.6 } },
      "[2/5] argocd: 812 of 2,468 packages compiled, about 3 min left; 3 more to build",
    ],
    [{ state: "done", elapsedSeconds: 358, remaining: 0 }, "[2/5] argocd: built in 5 min 58 s; the last one"],
    [{ state: "cached" }, "[2/5] argocd: built before, nothing to do"],
    [
      { state: "installed", note: "pulumi 3.259.0 on PATH" },
      "[2/5] argocd: pulumi 3.259.0 on PATH serves, nothing to build",
    ],
    [{ state: "waiting", note: "another build, process 7" }, "[2/5] argocd: waiting for another build, process 7"],
    [
      { state: "downloading", note: "the random plugin" },
      "[2/5] argocd: asking the installed pulumi to download the random plugin",
    ],
  ];
  for (const [event, sentence] of sentences) {
    it(`says: ${sentence}`, () => assert.equal(formatBuildEvent({ ...base, ...event }), sentence));
  }

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

  it("tells the time left from the speed so far, once there is one", () => {
    let now = 0;
    const meter = progressMeter(() => now * 1000);
    meter.compiled(1, 100);
    now = 4;
    meter.compiled(30, 100);
    assert.equal(meter.progress, undefined);
    now = 10;
    meter.compiled(40, 100);
    assert.deepEqual(meter.progress, { compiled: 40, all: 100, secondsLeft: 15 });
    now = 20;
    meter.compiled(101, 100);
    assert.deepEqual(meter.progress, { compiled: 101, all: 100, secondsLeft: 0 });
  });

  const printed = (isTTY: boolean, events: Partial<BuildEvent>[]) => {
    const lines: string[] = [];
    const print = buildEventPrinter({ isTTY, write: (text) => lines.push(text) });
    for (const event of events) print({ ...base, ...event });
    return lines;
  };

  it("prints a plain line every 30 seconds without a terminal", () => {
    const seconds = Array.from({ length: 100 }, (_, i) => ({ state: "running", elapsedSeconds: i + 1 }) as const);
    const lines = printed(false, [{}, ...seconds, { state: "done", elapsedSeconds: 101 }]);
    assert.deepEqual(
      lines.map((line) => /for [^,]+|built in [^;]+|building,/.exec(line)?.[0]),
      ["building,", "for 30 s", "for 1 min", "for 1 min 30 s", "built in 1 min 41 s"],
    );
    assert.ok(lines.every((line) => line.endsWith("\n") && !line.includes("\x1b")));
  });

  it("updates one line on a terminal and keeps what is final", () => {
    const lines = printed(true, [{}, { state: "running", elapsedSeconds: 1 }, { state: "done", elapsedSeconds: 2 }]);
    assert.equal(lines.length, 3);
    assert.ok(lines.every((line) => line.startsWith("\r\x1b[2K[2/5] argocd: ")));
    assert.deepEqual(
      lines.map((line) => line.endsWith("\n")),
      [false, false, true],
    );
  });
});
