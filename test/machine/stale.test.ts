import assert from "node:assert/strict";
import { link, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeStale, type Keeping } from "../../machine/stale";

describe("removeStale", () => {
  let directory: string;
  beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), "onebranch-stale-"))));
  afterEach(() => rm(directory, { recursive: true }));
  const file = () => join(directory, "lock");
  const keeping: Keeping = { read: (path) => readFile(path, "utf8"), putBack: link };

  it("removes what was seen", async () => {
    await writeFile(file(), "dead");
    await removeStale(file(), "dead", keeping);
    assert.deepEqual(await readdir(directory), []);
  });

  it("puts back what came since", async () => {
    await writeFile(file(), "fresh");
    await removeStale(file(), "dead", keeping);
    assert.equal(await readFile(file(), "utf8"), "fresh");
    assert.deepEqual(await readdir(directory), ["lock"]);
  });

  it("leaves alone what came while something fresh was put back", async () => {
    await writeFile(file(), "fresh");
    const read = async (path: string) => {
      await writeFile(file(), "newer");
      return readFile(path, "utf8");
    };
    await removeStale(file(), "dead", { ...keeping, read });
    assert.equal(await readFile(file(), "utf8"), "newer");
    assert.deepEqual(await readdir(directory), ["lock"]);
  });

  it("does nothing where another process was first", async () => {
    await removeStale(file(), "dead", keeping);
    assert.deepEqual(await readdir(directory), []);
  });
});
