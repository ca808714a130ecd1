import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Tool } from "../../support/tool";

describe("onebranch preview", () => {
  let tool: Tool;
  beforeEach(() => (tool = new Tool()));
  afterEach(() => tool.checkout.remove());

  it("shows what up would do and leaves nothing behind", async () => {
    assert.equal(await tool.run("onebranch preview dev --provider embedded"), 0);
    assert.equal(
      tool.io.stderr,
      "would create kubernetes:core/v1:Namespace namespace\nwould create kubernetes:core/v1:Secret secret\n",
    );
    assert.equal(tool.io.stdout, "dev: 2 to create\n");
    assert.equal(existsSync(join(tool.checkout.root, ".onebranch")), false);
  });

  it("leaves a stack that exists as it is", async () => {
    await tool.run("onebranch up dev --provider embedded --no-wait");
    assert.equal(await tool.again("onebranch preview dev --json"), 0);
    assert.deepEqual(JSON.parse(tool.io.stdout), { stack: "dev", provider: "embedded", changes: { create: 2 } });
    assert.equal(tool.pulumi.readState("dev")?.resources?.length, 2);
    assert.equal(await tool.again("onebranch up dev --no-wait"), 0);
    assert.equal(tool.io.stderr, "dev: 2 unchanged\n");
  });

  it("leaves nothing behind when it fails either", async () => {
    tool.pulumi.failures = [new Error("out of luck")];
    assert.equal(await tool.run("onebranch preview dev --provider embedded"), 1);
    assert.equal(tool.io.stderr, "preview dev failed:\n  out of luck\n");
    assert.equal(existsSync(join(tool.checkout.root, ".onebranch")), false);
  });
});
