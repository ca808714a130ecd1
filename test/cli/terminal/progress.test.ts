import assert from "node:assert/strict";
import { createProgress } from "../../../cli/terminal/progress";
import { FakeIo } from "../support/fake-io";

describe("progress without a terminal", () => {
  it("prints each finished line as it is", () => {
    const io = new FakeIo("/");
    const progress = createProgress(io);
    progress.waiting("the creation of something");
    progress.line("created something (0.3 s)");
    progress.stop();
    assert.equal(io.stderr, "created something (0.3 s)\n");
  });

  it("prints what tells its own time at most twice a minute", async () => {
    const io = new FakeIo("/");
    const progress = createProgress(io);
    for (let second = 0; second < 60; second++) {
      progress.passing(`building for ${second} s`);
      await io.sleep(1000);
    }
    assert.equal(io.stderr, "building for 0 s\nbuilding for 30 s\n");
  });
});

describe("progress on a terminal", () => {
  it("keeps the finished lines and one line that changes", async () => {
    const io = new FakeIo("/");
    io.live = true;
    const progress = createProgress(io);
    progress.waiting("a thing");
    await io.sleep(1500);
    progress.line("made a thing");
    progress.stop();
    const clear = "\r\x1b[K";
    assert.equal(
      io.stderr,
      `${clear}waiting for a thing (0.0 s)${clear}made a thing\n${clear}waiting for a thing (1.5 s)${clear}`,
    );
  });

  it("cuts a line that is wider than the terminal", () => {
    const io = new FakeIo("/");
    io.live = true;
    io.columns = 30;
    const progress = createProgress(io);
    progress.waiting("a".repeat(40));
    progress.stop();
    assert.ok(io.stderr.includes(`waiting for ${"a".repeat(14)}...`), io.stderr);
  });
});
