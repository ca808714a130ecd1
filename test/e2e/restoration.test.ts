import assert from "node:assert/strict";
import { Checkout } from "./support/checkout";
import { Cluster } from "./support/cluster";
import { eventually } from "./support/eventually";
import { changeAll, deleteAll, governing, policyNames } from "./support/governing";

/** A cluster in which somebody, or a commit before there were policies, changed what controls Argo CD. */
describe("up restores what controls Argo CD", () => {
  const checkout = new Checkout();
  const up = ["up", "dev", "--provider", "embedded", "--yes"];
  let cluster: Cluster;
  let intact: Record<string, object>;

  before(async () => {
    cluster = await Cluster.of(checkout, "dev");
    await checkout.succeed(...up);
    intact = governing(cluster);
  });

  after(async () => {
    await checkout.onebranch("destroy", "dev", "--yes");
    checkout.remove();
  });

  async function restored(found: string): Promise<void> {
    const status = await checkout.onebranch("status", "dev");
    assert.equal(status.code, 1);
    for (const policy of policyNames) assert.ok(status.output.includes(`the ${policy} is ${found}`), status.output);
    await checkout.succeed(...up);
    assert.deepEqual(governing(cluster), intact);
    await eventually(cluster.followed(checkout.git("rev-parse", "HEAD")));
  }

  it("when it was changed", async () => {
    changeAll(cluster);
    assert.notDeepEqual(governing(cluster), intact);
    await restored("not as `up` wrote it");
  });

  it("when it was deleted", async () => {
    deleteAll(cluster);
    await restored("missing");
  });
});
