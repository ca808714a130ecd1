import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { urn } from "../../support/fake-pulumi";
import { healthyCluster, Tool } from "../../support/tool";

const up = "onebranch up dev --provider embedded";

describe("the state, before an up", () => {
  let tool: Tool;
  beforeEach(() => {
    tool = new Tool();
    tool.clusters.set("apiVersion: v1", healthyCluster());
  });
  afterEach(() => tool.checkout.remove());

  it("loses the operations of a killed run", async () => {
    const resource = { urn: urn("dev", "kind:index/cluster:Cluster", "cluster"), type: "kind:index/cluster:Cluster" };
    tool.pulumi.writeState("dev", { pending_operations: [{ type: "creating", resource }] });
    assert.equal(await tool.run(up), 0);
    assert.deepEqual(tool.pulumi.calls.slice(2), ["recover kind:index/cluster:Cluster", "import dev", "up dev"]);
    assert.match(tool.io.stderr, /^recovered 1 operation that a killed run had begun: cluster\n/);
    assert.equal(existsSync(join(tool.checkout.root, ".onebranch/pulumi/dev/recovered.json")), false);
  });

  it("gets what a killed run had made, and has it read", async () => {
    const type = "aws:ec2/vpc:Vpc";
    const resource = { urn: urn("dev", type, "vpc"), type };
    tool.pulumi.writeState("dev", { resources: [], pending_operations: [{ type: "creating", resource }] });
    tool.pulumi.found = [{ ...resource, id: "vpc-0" }];
    tool.pulumi.during = async () => assert.deepEqual(tool.pulumi.readState("dev")?.resources, tool.pulumi.found);
    assert.equal(await tool.run(up), 0);
    assert.deepEqual(tool.pulumi.calls.slice(2), [`recover ${type}`, "import dev", "refresh vpc of dev", "up dev"]);
  });

  it("is compared with what is outside the cluster where that is asked, and with nothing else", async () => {
    const outside = { urn: urn("dev", "aws:ec2/vpc:Vpc", "vpc"), type: "aws:ec2/vpc:Vpc", custom: true };
    const inside = ["pulumi:providers:aws", "kubernetes:core/v1:Secret", "pulumi-nodejs:onebranch:Drain"].map(
      (type) => ({
        ...{ urn: urn("dev", type, "other"), type, custom: true },
      }),
    );
    tool.pulumi.writeState("dev", { resources: [...inside, outside] });
    assert.equal(await tool.run(`${up} --refresh`), 0);
    assert.deepEqual(tool.pulumi.calls.slice(2), ["refresh vpc of dev", "up dev"]);
    tool.pulumi.writeState("dev", { resources: inside });
    assert.equal(await tool.again(`${up} --refresh`), 0);
    assert.deepEqual(tool.pulumi.calls.slice(2), ["up dev"]);
  });
});
