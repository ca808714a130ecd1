import assert from "node:assert/strict";
import { interruptible } from "../../../cli/terminal/interrupt";
import { FakeIo } from "../support/fake-io";

const next = "onebranch up dev";

describe("interruptible", () => {
  it("gives the exit code of work that is not interrupted, and stops listening", async () => {
    const io = new FakeIo("/");
    assert.equal(await interruptible(io, next, async () => 7), 7);
    assert.deepEqual([io.interrupt(), io.stderr], [0, ""]);
  });

  it("lets work end by itself after the first Ctrl-C and says how to go on", async () => {
    const io = new FakeIo("/");
    const code = await interruptible(io, next, async ({ signal, kill }) => {
      io.interrupt();
      assert.deepEqual([signal.aborted, kill.aborted], [true, false]);
      throw new Error("canceled");
    });
    assert.equal(code, 130);
    assert.equal(
      io.stderr,
      "\nstopping once the steps that run now are done; Ctrl-C again stops at once\n" +
        "stopped; run `onebranch up dev` to go on\n",
    );
  });

  it("ends at once after the second Ctrl-C, whatever the work does", async () => {
    const io = new FakeIo("/");
    const code = await interruptible(io, next, async () => {
      io.interrupt();
      io.interrupt();
      return new Promise<number>(() => undefined);
    });
    assert.equal(code, 130);
  });

  it("passes on errors of work that was not interrupted", async () => {
    const failed = interruptible(new FakeIo("/"), next, async () => {
      throw new Error("out of luck");
    });
    await assert.rejects(failed, /^Error: out of luck$/);
  });
});
