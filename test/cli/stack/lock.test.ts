import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readLocks, repairState } from "../../../cli/stack/lock";
import { lockDirectory } from "../support/fake-pulumi";

const since = "2026-11-21T10:00:00.5Z";

describe("readLocks", () => {
  const state = mkdtempSync(join(tmpdir(), "onebranch-lock-"));
  after(() => rmSync(state, { recursive: true }));

  function lock(content: string): void {
    const directory = lockDirectory(state, "dev");
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "0.json"), content);
  }

  const holder = (host: string) => JSON.stringify({ pid: 4711, username: "ada", hostname: host, timestamp: since });
  const startedAt = (time?: string) => () => (time === undefined ? undefined : new Date(time));

  it("finds none where there is no state", () => {
    assert.deepEqual(readLocks(join(state, "nowhere"), "dev"), []);
  });

  it("says which process holds the lock since when", () => {
    lock(holder(hostname()));
    const [found] = readLocks(state, "dev", startedAt("2026-11-21T09:59:58Z"));
    assert.deepEqual(
      { ...found, file: undefined },
      { file: undefined, pid: 4711, username: "ada", hostname: hostname(), since: new Date(since), alive: true },
    );
  });

  it("sees that the process is gone", () => {
    lock(holder(hostname()));
    assert.equal(readLocks(state, "dev", startedAt())[0]?.alive, false);
  });

  it("sees that the process id was given to another process since", () => {
    lock(holder(hostname()));
    assert.equal(readLocks(state, "dev", startedAt("2026-11-21T10:05:00Z"))[0]?.alive, false);
  });

  it("never judges a process of another machine", () => {
    lock(holder("elsewhere"));
    assert.equal(readLocks(state, "dev", startedAt())[0]?.alive, true);
  });

  it("passes over a lock that is half written", () => {
    lock('{"pid": 47');
    assert.deepEqual(readLocks(state, "dev"), []);
  });
});

describe("repairState", () => {
  const state = mkdtempSync(join(tmpdir(), "onebranch-repair-"));
  after(() => rmSync(state, { recursive: true }));
  const later = () => Date.now() + 10_000;

  function write(path: string, content: string): string {
    const file = join(state, ".pulumi", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  it("has nothing to do in a state that is whole, or not there", () => {
    const whole = [
      write("stacks/onebranch/dev.json", "{}"),
      write("stacks/onebranch/dev.json.attrs", "{}"),
      write("locks/organization/onebranch/dev/1.json", "{}"),
    ];
    assert.equal(repairState(state, "dev", later()), false);
    assert.equal(repairState(join(state, "nowhere"), "dev", later()), false);
    for (const file of whole) assert.ok(existsSync(file), file);
  });

  for (const [path, content] of [
    ["stacks/onebranch/dev.json.attrs", ""],
    ["meta.yaml.attrs", ""],
    ["locks/organization/onebranch/dev/1.json.18a7.tmp", '{"pid'],
  ] as const) {
    it(`removes ${path} that a kill left half written, and not one that is being written now`, () => {
      const file = write(path, content);
      assert.equal(repairState(state, "dev", Date.now()), false);
      assert.equal(repairState(state, "dev", later()), true);
      assert.equal(existsSync(file), false);
    });
  }
});
