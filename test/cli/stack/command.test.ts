import assert from "node:assert/strict";
import { CommandFailed, runCommand } from "../../../cli/stack/command";
import { startToken } from "../../../machine/processes";

const options = { cwd: "/", env: process.env };
const node = (script: string) => [process.execPath, ["-e", script]] as const;

/** Prints its pid and that of its child; ends with code 3 when it is interrupted. */
const parent = `
  const child = require("node:child_process").spawn("sleep", ["60"]);
  process.on("SIGINT", () => { child.kill(); process.exit(3); });
  console.log(process.pid, child.pid);
  setInterval(() => {}, 1000);
`;

async function gone(pid: number): Promise<void> {
  while (startToken(pid) !== undefined) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe("runCommand", () => {
  it("gives what a command prints and hands it its input", async () => {
    const result = await runCommand("sh", ["-c", "cat; echo oops >&2"], { ...options, input: "secret" });
    assert.deepEqual(result, { stdout: "secret", stderr: "oops\n", code: 0 });
  });

  it("fails with the command's own words", async () => {
    await assert.rejects(runCommand("sh", ["-c", "echo why >&2; exit 4"], options), (error: CommandFailed) => {
      assert.equal(error.message, "pulumi -c ended with code 4: why");
      assert.equal(error.output.code, 4);
      return true;
    });
  });

  it("fails when there is no such command", async () => {
    await assert.rejects(runCommand("onebranch-no-such-command", [], options), /ENOENT/);
  });

  it("asks the command to stop, and waits for its end", async () => {
    const stop = new AbortController();
    const running = runCommand(...node(parent), {
      ...options,
      interrupt: stop.signal,
      onOutput: () => stop.abort(),
    });
    await assert.rejects(running, (error: CommandFailed) => error.output.code === 3);
  });

  it("ends the command with everything it started", async () => {
    const kill = new AbortController();
    let pids: number[] = [];
    const running = runCommand(...node(parent), {
      ...options,
      kill: kill.signal,
      onOutput(text) {
        pids = text.trim().split(" ").map(Number);
        kill.abort();
      },
    });
    await assert.rejects(running, CommandFailed);
    assert.equal(pids.length, 2);
    for (const pid of pids) await gone(pid);
  });
});
