import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { isAlive, sendSignal, startTime, startToken, thisProcess, type ProcessRecord } from "../../machine/processes";

/** Above every id that Linux gives. */
const none = 2 ** 22 + 1;

describe("a process", () => {
  it("is alive as long as it runs, and not after", async () => {
    const child = spawn("sleep", ["60"], { stdio: "ignore" });
    await once(child, "spawn");
    const record = { pid: child.pid!, start: startToken(child.pid!)! };
    assert.equal(isAlive(record), true);
    sendSignal(record.pid, "SIGKILL");
    await once(child, "exit");
    assert.equal(isAlive(record), false);
    sendSignal(record.pid, "SIGKILL");
  });

  it("is not another one with the same id", () => {
    assert.equal(isAlive(thisProcess()), true);
    assert.equal(isAlive({ ...thisProcess(), start: "1" }), false);
  });

  it("that never was is not alive, whatever a damaged record says of it", () => {
    assert.equal(startToken(none), undefined);
    assert.equal(isAlive({ pid: none } as ProcessRecord), false);
    assert.equal(isAlive(undefined), false);
  });
});

describe("startTime", () => {
  it("is when this process started", () => {
    const start = startTime(process.pid)!;
    const seconds = (Date.now() - start.getTime()) / 1000 - process.uptime();
    // The clock of the boot time has whole seconds.
    assert.ok(Math.abs(seconds) <= 2, `off by ${seconds} s`);
  });

  it("is undefined where there is no process", () => {
    assert.equal(startTime(none), undefined);
  });
});
