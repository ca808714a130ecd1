import assert from "node:assert/strict";
import {
  formatBuildEvent,
  buildEventPrinter,
  type BuildEvent,
} from "../../../../../infra/providers/embedded/toolchain";

const base: BuildEvent = {
  part: "argocd",
  index: 2,
  total: 5,
  remaining: 3,
  elapsedSeconds: 0,
  state: "start",
};

describe("toolchain: build events", () => {
  const sentences: [Partial<BuildEvent>, string][] = [
    [
      { state: "plan", note: "argocd, pulumi", progress: { compiled: 0, all: 3900 } },
      "building argocd, pulumi: up to 3,900 Go packages, once for all checkouts of this user; how long it takes is said after a few seconds of it",
    ],
    [{}, "[2/5] argocd: building; 3 more to build"],
    [
      { state: "running", note: "fetching sources", progress: { compiled: 12, all: 3900 } },
      "[2/5] argocd: fetching sources, [....................] 0 %, 12 of 3,900 packages compiled",
    ],
    [
      { state: "running", progress: { compiled: 1812, all: 2468, secondsLeft: 179.6 } },
      "[2/5] argocd: [##############......] 73 %, 1,812 of 2,468 packages compiled, about 3 min left",
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

  const printed = (isTTY: boolean, events: Partial<BuildEvent>[]) => {
    const lines: string[] = [];
    const print = buildEventPrinter({ isTTY, write: (text) => lines.push(text) });
    for (const event of events) print({ ...base, ...event });
    return lines;
  };

  it("prints a plain line every 30 seconds without a terminal, and the first that has a time", () => {
    const seconds = Array.from({ length: 100 }, (_, i): Partial<BuildEvent> => {
      const progress = { compiled: i, all: 100, ...(i >= 7 && { secondsLeft: 600 }) };
      return { state: "running", elapsedSeconds: i + 1, progress };
    });
    const lines = printed(false, [{}, ...seconds, { state: "done", elapsedSeconds: 101 }]);
    assert.deepEqual(
      lines.map((line) => /\d+ of|built in [^;]+|building/.exec(line)?.[0]),
      ["building", "7 of", "37 of", "67 of", "97 of", "built in 1 min 41 s"],
    );
    assert.ok(lines.every((line) => line.endsWith("\n") && !line.includes("\x1b")));
  });

  it("never writes more than a terminal's line", () => {
    const lines: string[] = [];
    const print = buildEventPrinter({ isTTY: true, columns: 40, write: (text) => lines.push(text) });
    print({ ...base, state: "running", progress: { compiled: 1, all: 2, secondsLeft: 60 } });
    assert.equal(lines[0]?.replace("\r\x1b[2K", "").length, 39);
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
