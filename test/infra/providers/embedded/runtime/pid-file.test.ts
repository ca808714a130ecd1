import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { livingProcess, readRecord } from "../../../../../infra/providers/embedded/runtime/pid-file";
import { isAlive, thisProcess } from "../../../../../machine/processes";
import { scratch } from "./scratch";

describe("pid files", () => {
  const directory = scratch();
  const write = (text: string) => {
    const path = join(directory.path, "worker.json");
    writeFileSync(path, text);
    return path;
  };

  it("name the process that runs", async () => {
    const record = thisProcess();
    assert.deepEqual(await livingProcess(write(JSON.stringify(record))), record);
  });

  it("do not name a stranger that got the pid later", async () => {
    const path = write(JSON.stringify({ pid: process.pid, start: "1" }));
    assert.deepEqual(await readRecord(path), { pid: process.pid, start: "1" });
    assert.equal(await livingProcess(path), undefined);
  });

  for (const text of [
    "",
    '{"pid": 12',
    "null",
    "[]",
    '{"pid": 0, "start": "1"}',
    '{"pid": -1, "start": "1"}',
    '{"pid": 5}',
  ]) {
    it(`say nothing when they hold ${JSON.stringify(text)}`, async () => {
      assert.equal(await readRecord(write(text)), undefined);
    });
  }

  it("say nothing when they are not there", async () => {
    assert.equal(await readRecord(join(directory.path, "none.json")), undefined);
    assert.equal(isAlive(undefined), false);
  });
});
