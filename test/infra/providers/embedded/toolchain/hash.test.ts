import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { contentHash } from "../../../../../infra/providers/embedded/toolchain/hash";
import { target } from "../../../../../infra/providers/embedded/toolchain/parts";
import { Machine } from "./fake";

describe("toolchain: content hash", () => {
  let machine: Machine;
  beforeEach(() => (machine = new Machine()));
  afterEach(() => machine.remove());
  const hash = (part: "cluster" | "pulumi" = "cluster") => contentHash(target(part), machine.host().modules);

  it("is the same for the same files, wherever they lie", async () => {
    const other = new Machine();
    try {
      assert.equal(await hash(), await contentHash(target("cluster"), other.host().modules));
    } finally {
      other.remove();
    }
  });

  it("follows content, names, added and removed files", async () => {
    const seen = new Set([await hash()]);
    machine.write("modules/cluster/main.go", "package main // changed\n");
    seen.add(await hash());
    const file = machine.write("modules/cluster/more/more.go", "package more\n");
    seen.add(await hash());
    machine.write("modules/cluster/more/other.go", "package more\n");
    rmSync(file);
    seen.add(await hash());
    assert.equal(seen.size, 4);
  });

  it("follows the shared process module only where it is used", async () => {
    const before = { cluster: await hash("cluster"), pulumi: await hash("pulumi") };
    machine.write("modules/process/process.go", "package process\n");
    assert.notEqual(await hash("cluster"), before.cluster);
    assert.equal(await hash("pulumi"), before.pulumi);
  });

  it("leaves out Go's tests and Go's version", async () => {
    const before = await hash();
    machine.write("modules/cluster/main_test.go", "package main\n");
    machine.goVersion = "go1.26.99";
    assert.equal(await hash(), before);
  });

  it("follows the linker's flags and what is handed out", async () => {
    const { modules } = machine.host();
    const cluster = target("cluster");
    const changed = [cluster, { ...cluster, set: { x: "1" } }, { ...cluster, scripts: ["a.sh"] }];
    const hashes = await Promise.all(changed.map((each) => contentHash(each, modules)));
    assert.equal(new Set(hashes).size, 3);
  });

  it("follows the versions, and the patches that concern the part", async () => {
    const both = async () => [await hash("cluster"), await hash("pulumi")];
    const changes = async (...files: string[]) => {
      const before = await both();
      for (const file of files) machine.write(`modules/${file}`, "other\n");
      const after = await both();
      return after.map((each, i) => each !== before[i]);
    };
    assert.deepEqual(await changes("go.mod"), [true, true]);
    assert.deepEqual(await changes("go.sum"), [true, true]);
    assert.deepEqual(await changes("patches/client-go.json"), [true, true]);
    assert.deepEqual(await changes("patches/kubernetes.json"), [true, false]);
    assert.deepEqual(await changes("patches/pulumi/cmd/more.go"), [false, true]);
  });

  it("does not mix up where one file ends and the next begins", async () => {
    machine.write("modules/cluster/a.go", "1");
    machine.write("modules/cluster/b.go", "2\n1");
    const before = await hash();
    machine.write("modules/cluster/a.go", "1\n2");
    machine.write("modules/cluster/b.go", "1");
    assert.notEqual(await hash(), before);
    rmSync(join(machine.host().modules, "cluster", "a.go"));
  });
});
