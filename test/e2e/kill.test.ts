import assert from "node:assert/strict";
import { join } from "node:path";
import { Checkout } from "./support/checkout";
import { Cluster } from "./support/cluster";
import { eventually } from "./support/eventually";
import { killAfterEachStep } from "./support/killing";
import { filesOf, nothingRuns } from "./support/leftovers";

describe("a killed command is finished by running it again", () => {
  const checkout = new Checkout();
  const up = ["up", "dev", "--provider", "embedded", "--yes"];
  let cluster: Cluster;
  let undisturbed: string[];

  before(async () => {
    cluster = await Cluster.of(checkout, "dev");
    await checkout.succeed(...up);
    undisturbed = cluster.inventory();
  });

  after(async () => {
    await checkout.onebranch("destroy", "dev", "--yes");
    checkout.remove();
  });

  it("destroy, killed after each resource it deletes, leaves nothing", async () => {
    const { steps, result } = await killAfterEachStep(checkout, "deleted", ["destroy", "dev", "--yes"]);
    assert.equal(result.code, 0, result.output);
    assert.ok(steps.length >= 2, `destroy should have come to more than one step, came to ${steps.join(", ")}`);
    await eventually(nothingRuns(checkout.root), 30);
    assert.deepEqual(filesOf(join(checkout.root, ".onebranch", "clusters")), []);
  });

  it("up, killed after each resource it creates, ends with the same objects", async () => {
    const { steps, result } = await killAfterEachStep(checkout, "created", up);
    assert.equal(result.code, 0, result.output);
    assert.ok(steps.length >= 10, `up should have come to every resource, came to ${steps.join(", ")}`);
    assert.deepEqual(cluster.inventory(), undisturbed);
    await eventually(cluster.followed(checkout.git("rev-parse", "HEAD")));
  });

  it("a further up changes nothing", async () => {
    const { stdout } = await checkout.succeed(...up, "--json");
    const { changes } = JSON.parse(stdout) as { changes: Record<string, number> };
    assert.deepEqual(Object.keys(changes), ["same"]);
  });
});
