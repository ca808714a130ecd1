import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { clusterPaths, type ClusterPaths } from "../../../../../infra/providers/embedded/runtime/directory";
import { livingProcess, pidFile } from "../../../../../infra/providers/embedded/runtime/pid-file";
import { portNames, type Ports } from "../../../../../infra/providers/embedded/runtime/ports";
import { areCurrent, type ProcessSpec } from "../../../../../infra/providers/embedded/runtime/process-spec";
import { formatStep } from "../../../../../infra/providers/embedded/runtime/steps";
import { processesBelow } from "../../../../../infra/providers/embedded/runtime/process-table";
import { killProcesses, runningProcesses, stopProcesses } from "../../../../../infra/providers/embedded/runtime/stop";
import { Supervisor } from "../../../../../infra/providers/embedded/runtime/supervisor";
import { fakeProcess } from "./fake";
import { isAlive, type ProcessRecord } from "../../../../../machine/processes";
import { scratch } from "./scratch";
import { skip } from "../../../../support/skip";

describe("Supervisor", function () {
  before(function () {
    if (process.platform !== "linux") skip(this, "fake processes are found in /proc, which only Linux has");
  });
  const directory = scratch();
  let paths: ClusterPaths;
  let events: string[];
  const ports = Object.fromEntries(portNames.map((name) => [name, 0])) as Ports;

  beforeEach(() => {
    paths = clusterPaths("dev", directory.path);
    events = [];
  });
  afterEach(async () => {
    await killProcesses(await processesBelow(paths.run));
  });

  const supervisor = () => new Supervisor(paths, ports, (event) => events.push(formatStep(event)));
  /** Makes it run with a supervisor of its own, as a command of its own would. */
  async function run(spec: ProcessSpec): Promise<ProcessRecord> {
    const own = supervisor();
    await own.ensure(spec);
    await own.healthy(spec.name);
    return (await livingProcess(pidFile(paths.run, spec.name)))!;
  }

  it("starts a process that does not hold its parent's streams, and leaves it alone afterwards", async () => {
    const spec = fakeProcess(directory.path, "worker", "stays");
    const first = await run(spec);
    const second = await run(spec);
    assert.deepEqual(second, first);
    assert.deepEqual(events, ["starting worker"]);
    assert.equal(await areCurrent(paths.run, [spec]), true);
  });

  it("starts a dead process again", async () => {
    const spec = fakeProcess(directory.path, "worker", "stays");
    const first = await run(spec);
    await killProcesses([{ name: "worker", record: first }]);
    const second = await run(spec);
    assert.notEqual(second.pid, first.pid);
    assert.deepEqual(events, ["starting worker", "starting worker"]);
  });

  it("restarts a process when its arguments, environment or files changed", async () => {
    const spec = fakeProcess(directory.path, "worker", "stays");
    const changes: Partial<ProcessSpec>[] = [{ args: ["--more"] }, { env: { MORE: "1" } }, { files: [spec.binary] }];
    let last = await run(spec);
    for (const change of changes) {
      Object.assign(spec, change);
      assert.equal(await areCurrent(paths.run, [spec]), false);
      const next = await run(spec);
      assert.notEqual(next.pid, last.pid);
      assert.equal(isAlive(last), false);
      last = next;
    }
    assert.deepEqual(events.slice(1), ["restarting worker", "restarting worker", "restarting worker"]);
  });

  it("leaves a process alone when only what it inherits differs", async () => {
    const spec = fakeProcess(directory.path, "worker", "stays");
    const first = await run({ ...spec, passed: { PATH: "/usr/bin" } });
    assert.deepEqual(await run({ ...spec, passed: { PATH: "/bin" } }), first);
  });

  it("finds a running process whose pid file was removed", async () => {
    const spec = fakeProcess(directory.path, "worker", "stays");
    const first = await run(spec);
    rmSync(pidFile(paths.run, "worker"));
    assert.deepEqual(await run(spec), first);
    assert.deepEqual(JSON.parse(readFileSync(pidFile(paths.run, "worker"), "utf8")), first);
  });

  it("says how a process died, and its last words of this start only", async () => {
    const spec: ProcessSpec = { ...fakeProcess(directory.path, "worker", "dies"), healthy: async () => false };
    const log = join(paths.logs, "worker.log");
    const words = "reading the configuration\nno such key: colour";
    const message = `worker of cluster dev ended with exit code 3; its log ${log} ends with\n${words}`;
    for (let time = 0; time < 2; time++) await assert.rejects(run(spec), { name: "UserError", exitCode: 1, message });
  });

  it("says what a program is called that is not there", async () => {
    const spec: ProcessSpec = { name: "worker", binary: join(directory.path, "none"), args: [], env: {}, ports: [] };
    await assert.rejects(run(spec), {
      name: "UserError",
      message: `worker cannot be started: spawn ${spec.binary} ENOENT`,
    });
  });

  it("restarts a process once that is there but does not work", async () => {
    const spec = fakeProcess(directory.path, "worker", "stays");
    const first = await run(spec);
    let asked = 0;
    const sick: ProcessSpec = {
      ...spec,
      healthy: async () => (await livingProcess(pidFile(paths.run, "worker")))?.pid !== first.pid,
    };
    const own = supervisor();
    await own.ensure({ ...sick, healthy: async () => asked++ > 0 && sick.healthy!() });
    await own.healthy("worker", 5, 0.2);
    assert.equal(isAlive(first), false);
    assert.equal(events.includes("restarting worker"), true);
  });

  it("gives up on a process that does not work in time, with its log", async () => {
    const spec: ProcessSpec = { ...fakeProcess(directory.path, "worker", "stays"), healthy: async () => false };
    const own = supervisor();
    await own.ensure(spec);
    const message = `worker of cluster dev does not answer after 0.2 s; its log ${join(paths.logs, "worker.log")} is empty`;
    await assert.rejects(own.healthy("worker", 0.2), { message });
  });

  it("takes the process of a start that was faster", async () => {
    const spec = fakeProcess(directory.path, "worker", "stays");
    const [one, other] = [supervisor(), supervisor()];
    // Both look before either has started anything.
    await Promise.all([one.ensure(spec), other.ensure(spec)]);
    await Promise.all([one.healthy("worker"), other.healthy("worker")]);
    const running = await runningProcesses(paths, ["worker"]);
    assert.equal(running.length, 1);
  });

  it("writes the pid file of a publisher's program, which knows nothing of it", async () => {
    const bin = join(directory.path, "part", "bin");
    mkdirSync(bin, { recursive: true });
    const program = join(bin, "worker");
    // It starts a command, which inherits the variable, as repo-server starts git.
    writeFileSync(program, "#!/bin/sh\nsleep 1000 &\nwait\n", { mode: 0o755 });
    writeFileSync(
      join(directory.path, "part", "release.json"),
      JSON.stringify({ files: [{ program: "bin/worker", url: "", sha256: "" }] }),
    );
    const spec: ProcessSpec = { name: "worker", binary: program, args: [], env: {}, ports: [] };
    const first = await run(spec);
    assert.equal(isAlive(first), true);
    assert.deepEqual(await run(spec), first);
    // A kill between the start and the file.
    rmSync(pidFile(paths.run, "worker"));
    assert.deepEqual(processesBelow(paths.run), [{ name: "worker", record: first }]);
    assert.deepEqual(await run(spec), first);
    assert.deepEqual(events, ["starting worker"]);
  });

  it("refuses a port that somebody listens on, before it starts anything", async () => {
    const server = createServer().unref().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const own = new Supervisor(paths, { ...ports, redis: port }, () => undefined);
    const spec: ProcessSpec = { ...fakeProcess(directory.path, "redis", "stays"), ports: ["redis"] };
    const name = readFileSync(`/proc/${process.pid}/comm`, "utf8").trim();
    await assert.rejects(own.ensure(spec), {
      name: "UserError",
      exitCode: 1,
      message:
        `port ${port}, which redis of cluster dev needs, is taken by ${name} (process ${process.pid}); ` +
        "end that process and run the command again, or `onebranch destroy dev` and bring it up on other ports",
    });
    server.close();
    assert.equal(existsSync(pidFile(paths.run, "redis")), false);
  });

  it("kills what does not end when asked", async () => {
    const record = await run(fakeProcess(directory.path, "worker", "stubborn"));
    await stopProcesses([{ name: "worker", record }], 0.2);
    assert.equal(isAlive(record), false);
  });

  it("never signals a process that only has the pid of the recorded one", async () => {
    const record = await run(fakeProcess(directory.path, "worker", "stays"));
    const recycled = { pid: record.pid, start: String(Number(record.start) - 1) };
    await stopProcesses([{ name: "worker", record: recycled }], 0.1);
    await killProcesses([{ name: "worker", record: recycled }]);
    // A signal takes a moment to do its work.
    await sleep(200);
    assert.equal(isAlive(recycled), false);
    assert.equal(isAlive(record), true);
  });
});
