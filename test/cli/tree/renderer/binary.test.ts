import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rendererBinary, rendersBound } from "../../../../cli/tree/renderer/binary";
import { rendererSources, sourceHash } from "../../../../machine/renderer";
import { UserError } from "../../../../model/errors";

describe("the renderer's program", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "onebranch-binary-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it("says what to do where Go is missing, and leaves nothing behind", async () => {
    const env = { ...process.env, ONEBRANCH_CACHE: join(folder, "cache") };
    await assert.rejects(rendererBinary({ env, go: join(folder, "no-go") }), (error: unknown) => {
      assert.ok(error instanceof UserError);
      assert.equal(
        error.message,
        "the renderer has to be built once, and Go is not installed: install Go 1.26 or later (https://go.dev/dl) and run the same command again",
      );
      return true;
    });
    assert.deepEqual(readdirSync(folder), []);
  });

  it("is another one when a source changes, and the same when a test does", () => {
    const sources = join(folder, "renderer");
    cpSync(rendererSources, sources, { recursive: true });
    const before = sourceHash(sources);
    assert.equal(before, sourceHash(rendererSources));
    writeFileSync(join(sources, "tree", "more_test.go"), "package tree\n");
    assert.equal(sourceHash(sources), before);
    writeFileSync(join(sources, "tree", "more.go"), "package tree\n");
    assert.notEqual(sourceHash(sources), before);
  });

  it("keeps as many renders as the environment says", () => {
    assert.equal(rendersBound({}), undefined);
    assert.equal(rendersBound({ ONEBRANCH_RENDERS_MIB: "0" }), 0);
    assert.equal(rendersBound({ ONEBRANCH_RENDERS_MIB: "64" }), 64 * 1024 * 1024);
    assert.throws(() => rendersBound({ ONEBRANCH_RENDERS_MIB: "1G" }), {
      message: 'ONEBRANCH_RENDERS_MIB is "1G": give the MiB of renders to keep as a whole number; 0 keeps none',
    });
  });
});
