import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { boundLog, lastLines } from "../../../../../infra/providers/embedded/runtime/logs";
import { scratch } from "./scratch";

describe("logs", () => {
  const directory = scratch();
  const write = (text: string) => {
    const path = join(directory.path, "worker.log");
    writeFileSync(path, text);
    return path;
  };

  it("are put aside when they have grown too large", async () => {
    const path = write("x".repeat(100));
    assert.equal(await boundLog(path, 100), 100);
    assert.deepEqual(readdirSync(directory.path), ["worker.log"]);
    assert.equal(await boundLog(path, 99), 0);
    assert.deepEqual(readdirSync(directory.path), ["worker.log.1"]);
  });

  it("may be missing", async () => {
    const path = join(directory.path, "none.log");
    assert.equal(await boundLog(path), 0);
    assert.deepEqual(await lastLines(path, 0), []);
  });

  it("give their last ten lines", async () => {
    const lines = Array.from({ length: 12 }, (_, index) => `line ${index}`);
    assert.deepEqual(await lastLines(write(`${lines.join("\n")}\n`), 0), lines.slice(2));
  });

  it("give nothing from before a start", async () => {
    assert.deepEqual(await lastLines(write("old\nnew\n"), 4), ["new"]);
    assert.deepEqual(await lastLines(write("old\n"), 4), []);
  });

  it("give long lines cut", async () => {
    assert.deepEqual(await lastLines(write("x".repeat(1000)), 0), [`${"x".repeat(400)}...`]);
  });
});
