import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { defaultHost } from "../../../../../infra/providers/embedded/toolchain/host";
import { applyPatches } from "../../../../../infra/providers/embedded/toolchain/patch";

describe("toolchain: applyPatches", () => {
  let root: string;
  let replaced: string[];
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  const patches = (from: string) =>
    write(
      "src/argocd/patches.json",
      JSON.stringify({ module: "example.org/m", patches: [{ why: "", file: "a/a.go", from, to: "loopback" }] }),
    );
  const apply = () =>
    applyPatches(
      join(root, "src", "argocd"),
      (module) => Promise.resolve(join(root, "cache", module)),
      (module, directory) => Promise.resolve(void replaced.push(`${module} ${directory}`)),
    );

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "onebranch-patch-"));
    replaced = [];
    write("src/argocd/go.mod", "module m\n");
    write("cache/example.org/m/a/a.go", "listen(everywhere)\nlisten(twice)\nlisten(twice)\n");
    write("cache/example.org/m/b.go", "other\n");
    chmodSync(join(root, "cache/example.org/m/a/a.go"), 0o444);
    chmodSync(join(root, "cache/example.org/m/a"), 0o555);
  });
  afterEach(() => {
    chmodSync(join(root, "cache/example.org/m/a"), 0o755);
    rmSync(root, { recursive: true });
  });

  it("changes a copy that can be deleted again, and lets the module use it", async () => {
    patches("everywhere");
    await apply();
    assert.deepEqual(replaced, ["example.org/m ../patched"]);
    assert.equal(readFileSync(join(root, "src/patched/a/a.go"), "utf8").split("\n")[0], "listen(loopback)");
    assert.equal(readFileSync(join(root, "src/patched/b.go"), "utf8"), "other\n");
    assert.equal(readFileSync(join(root, "cache/example.org/m/a/a.go"), "utf8").split("\n")[0], "listen(everywhere)");
    rmSync(join(root, "src", "patched"), { recursive: true });
  });

  it("does nothing for a module without patches", async () => {
    await apply();
    assert.deepEqual(replaced, []);
    assert.equal(existsSync(join(root, "src", "patched")), false);
  });

  for (const [from, times] of [
    ["nowhere", 0],
    ["twice", 2],
  ] as const) {
    it(`refuses a change of what stands there ${times} times`, async () => {
      patches(from);
      await assert.rejects(apply(), {
        name: "ToolchainError",
        message:
          `a/a.go of example.org/m has ${times} times what is to be changed there; ` +
          "look at what became of it, and bring patches.json up to date",
      });
      assert.deepEqual(replaced, []);
    });
  }

  it("has a reason for each change of Argo CD", () => {
    const text = readFileSync(join(defaultHost().modules, "argocd", "patches.json"), "utf8");
    const { patches: real } = JSON.parse(text) as { patches: { why: string }[] };
    assert.equal(real.length, 2);
    for (const { why } of real) assert.match(why, /\w+\.$/);
  });
});
