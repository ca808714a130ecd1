import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { applyPatches } from "../../../../../infra/providers/embedded/toolchain/patch";

describe("toolchain: applyPatches", () => {
  let root: string;
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  const patched = (file: string) => readFileSync(join(root, "copy", file), "utf8");
  const patches = (content: object) =>
    write("patches/m.json", JSON.stringify({ module: "example.org/m", changes: [], ...content }));
  const edits = (...all: object[]) => patches({ changes: [{ why: "", file: "a/a.go", edits: all }] });
  const apply = () =>
    applyPatches(join(root, "patches"), "m", join(root, "copy"), (module) =>
      Promise.resolve(join(root, "cache", module)),
    );
  const advice =
    "look at what became of it in the version of example.org/m that go.mod names, and bring patches/m.json up to date";

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "onebranch-patch-"));
    write("cache/example.org/m/a/a.go", "listen(everywhere)\nlisten(twice)\nlisten(twice)\nbegin\nmiddle\nend\nend\n");
    write("cache/example.org/m/b.go", "other\n");
    write("cache/example.org/m/a/a_test.go", "a test\n");
    write("cache/example.org/m/docs/page.md", "a page\n");
    chmodSync(join(root, "cache/example.org/m/a/a.go"), 0o444);
    chmodSync(join(root, "cache/example.org/m/a"), 0o555);
  });
  afterEach(() => {
    chmodSync(join(root, "cache/example.org/m/a"), 0o755);
    rmSync(root, { recursive: true });
  });

  it("changes a copy that can be deleted again", async () => {
    edits({ from: "everywhere", to: "loopback" }, { from: "loopback)\n" });
    assert.equal(await apply(), "example.org/m");
    assert.match(patched("a/a.go"), /^listen\(listen\(twice\)\n/);
    assert.equal(patched("b.go"), "other\n");
    assert.equal(existsSync(join(root, "copy/a/a_test.go")), false);
    assert.match(readFileSync(join(root, "cache/example.org/m/a/a.go"), "utf8"), /^listen\(everywhere\)/);
    rmSync(join(root, "copy"), { recursive: true });
  });

  it("takes away everything between two texts, and both of them", async () => {
    edits({ from: "begin\n", through: "end\n", to: "other\n" });
    await apply();
    assert.equal(patched("a/a.go"), "listen(everywhere)\nlisten(twice)\nlisten(twice)\nother\nend\n");
  });

  it("leaves out what is named, and lays own files into the copy", async () => {
    patches({ leaveOut: ["docs", "b.go"] });
    write("patches/m/a/own.go", "own\n");
    await apply();
    assert.deepEqual(
      ["docs", "b.go"].map((path) => existsSync(join(root, "copy", path))),
      [false, false],
    );
    assert.equal(patched("a/own.go"), "own\n");
    assert.match(patched("a/a.go"), /^listen/);
  });

  it("keeps nothing but what is named", async () => {
    patches({ keep: ["b.go", "docs"] });
    await apply();
    assert.equal(patched("b.go"), "other\n");
    assert.equal(patched("docs/page.md"), "a page\n");
    assert.equal(existsSync(join(root, "copy/a")), false);
  });

  for (const [from, times] of [
    ["nowhere", 0],
    ["twice", 2],
  ] as const) {
    it(`refuses a change of what stands there ${times} times`, async () => {
      edits({ from });
      await assert.rejects(apply(), {
        name: "ToolchainError",
        message: `a/a.go has ${times} times what is to be changed there: "${from}"; ${advice}`,
      });
    });
  }

  it("refuses a change whose end is gone", async () => {
    edits({ from: "middle", through: "begin" });
    await assert.rejects(apply(), {
      message: `a/a.go has no end of what is to be changed there: "begin"; ${advice}`,
    });
  });

  it("refuses a change of a file that is gone, and a path that is left out or kept and is gone", async () => {
    patches({ changes: [{ why: "", file: "gone.go", edits: [] }] });
    await assert.rejects(apply(), { message: `gone.go is gone; ${advice}` });
    for (const content of [{ leaveOut: ["gone"] }, { keep: ["gone"] }]) {
      patches(content);
      await assert.rejects(apply(), { message: `example.org/m has no gone; ${advice}` });
    }
  });
});
