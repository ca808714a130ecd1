import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { healthyCluster, Tool } from "../../support/tool";

describe("the settings that are given to onebranch up", () => {
  const up = "onebranch up dev --provider embedded";
  let tool: Tool;
  beforeEach(() => {
    tool = new Tool();
    tool.clusters.set("apiVersion: v1", healthyCluster());
  });
  afterEach(() => tool.checkout.remove());

  it("sets a secret through Pulumi and never writes it", async () => {
    assert.equal(await tool.run(`${up} --config repoPassword=hunter2`), 0);
    assert.ok(tool.pulumi.calls.includes("setSecret repoPassword dev"));
    const workDir = join(tool.checkout.root, ".onebranch/pulumi/dev");
    for (const file of ["Pulumi.dev.yaml", "overrides.json", "run.json"]) {
      assert.ok(!readFileSync(join(workDir, file), "utf8").includes("hunter2"), file);
    }
  });

  it("reads settings from files, and takes a secret for an application from nowhere else", async () => {
    tool.checkout.write("token", "hunter2\n");
    const file = join(tool.checkout.root, "token");
    assert.equal(await tool.run(`${up} --config secrets.db=hunter2`), 2);
    assert.equal(
      tool.io.stderr,
      "--config secrets.db is a secret on a command line, where every user of this machine can read it; " +
        "write it to a file and give that: --config-file secrets.db=FILE\n",
    );
    assert.equal(await tool.again(`${up} --config-file secrets.db=${file} --config-file repoPassword=${file}`), 0);
    const set = tool.pulumi.calls.filter((call) => call.startsWith("setSecret"));
    assert.deepEqual(set, ["setSecret repoPassword dev", "setSecret secrets.db dev"]);
    assert.equal(await tool.again(`${up} --config-file secrets.db=none`), 2);
    assert.match(tool.io.stderr, /^--config-file secrets\.db names .*none, which cannot be read \(ENOENT\)/);
  });
});
