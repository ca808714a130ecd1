import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withLock } from "../../machine/lock";
import { thisProcess } from "../../machine/processes";

describe("withLock", () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "onebranch-lock-"))));
  afterEach(() => rmSync(directory, { recursive: true }));
  const file = () => join(directory, "lock");
  const waited: number[] = [];
  const options = { poll: 2, waiting: ({ pid }: { pid: number }) => void waited.push(pid) };

  it("lets one after the other work, and leaves nothing behind", async () => {
    let inside = 0;
    const work = async () => {
      assert.equal(++inside, 1);
      await new Promise((resolve) => setTimeout(resolve, 10));
      inside--;
    };
    await Promise.all([1, 2, 3].map(() => withLock(file(), options, work)));
    assert.ok(waited.includes(process.pid));
    assert.deepEqual(readdirSync(directory), []);
  });

  it("takes the place of a holder that is gone, and of a damaged lock", async () => {
    for (const held of [JSON.stringify({ ...thisProcess(), start: "1" }), "", "{"]) {
      writeFileSync(file(), held);
      assert.equal(await withLock(file(), options, async () => "done"), "done");
      assert.equal(existsSync(file()), false);
    }
  });

  it("stops waiting when it is told to", async () => {
    writeFileSync(file(), JSON.stringify(thisProcess()));
    const signal = AbortSignal.timeout(20);
    await assert.rejects(
      withLock(file(), { ...options, signal }, async () => undefined),
      { name: "TimeoutError" },
    );
    assert.deepEqual(readdirSync(directory), ["lock"]);
  });
});
