import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { run } from "../../machine/run";
import { startToken } from "../../machine/processes";

const options = { cwd: tmpdir(), env: process.env, group: true };

describe("running a command", () => {
  it("gives what it printed and how it ended", async () => {
    const result = await run("sh", ["-c", "echo out; echo err >&2; exit 3"], { ...options, background: true });
    assert.deepEqual(result, { code: 3, stdout: "out\n", stderr: "err\n", silent: false });
  });

  it("tells a missing command from a failing one", async () => {
    assert.equal((await run("onebranch-no-such-command", [], options)).missing, true);
  });

  it("stops the whole process group when it is told to", async () => {
    const controller = new AbortController();
    const running = run("sh", ["-c", "sleep 60 & echo $!; wait"], { ...options, signal: controller.signal });
    setTimeout(() => controller.abort(), 100);
    const { code, stdout } = await running;
    assert.equal(code, null);
    const pid = Number(stdout);
    while (startToken(pid) !== undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it("does not start when it was told to stop before", async () => {
    const result = await run("sh", ["-c", "echo started"], { ...options, signal: AbortSignal.abort() });
    assert.equal(result.stdout, "");
  });

  it("ends a command that says nothing for too long", async () => {
    const result = await run("sleep", ["60"], { ...options, silenceSeconds: 0.1 });
    assert.equal(result.silent, true);
    assert.equal(result.code, null);
  });
});
